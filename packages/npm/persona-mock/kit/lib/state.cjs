"use strict";
// The data of a sandbox: whole, and row by row.

/** @typedef {import("./mock.cjs").Provider} Provider */
/** @typedef {import("../control.js").components["schemas"]} Schemas */

const ROW = /** @type {const} */ ("/_mock/state/{provider}/{collection}/{id}");

/** The data that the vendors of a sandbox have. */
class State {
  /** @param {import("./mock.cjs").Mock} mock */
  constructor(mock) {
    /** @private */
    this.mock = mock;
  }

  /**
   * A provider's data and ids, in the form of a fixture.
   * @param {Provider} provider
   */
  get(provider) {
    return this.mock.control("/_mock/state/{provider}", "get", { at: { provider } });
  }

  /**
   * Puts other data in place of a provider's.
   * @param {Provider} provider
   * @param {Schemas["Fixture"]} fixture
   */
  put(provider, fixture) {
    return this.mock.control("/_mock/state/{provider}", "put", { at: { provider }, body: fixture });
  }

  /**
   * The rows of a list, such as `rows("vijil", "personas", { search: "Mallory" })`: 100 at most, if `limit` does not say
   * otherwise.
   * @param {Provider} provider
   * @param {string} collection
   * @param {import("./asked.js").Query<"/_mock/state/{provider}/{collection}", "get">} [which]
   */
  rows(provider, collection, which) {
    const at = { provider, collection };
    return this.mock.control("/_mock/state/{provider}/{collection}", "get", { at, query: which });
  }

  /**
   * Adds a row, as if it stood in the fixture.
   * @param {Provider} provider
   * @param {string} collection
   * @param {Record<string, unknown>} row
   */
  add(provider, collection, row) {
    const at = { provider, collection };
    return this.mock.control("/_mock/state/{provider}/{collection}", "post", { at, body: row });
  }

  /**
   * One row.
   * @param {Provider} provider
   * @param {string} collection
   * @param {string | number} id
   */
  row(provider, collection, id) {
    return this.mock.control(ROW, "get", { at: { provider, collection, id } });
  }

  /**
   * Puts another row in place of one, which keeps its id.
   * @param {Provider} provider
   * @param {string} collection
   * @param {string | number} id
   * @param {Record<string, unknown>} row
   */
  replace(provider, collection, id, row) {
    return this.mock.control(ROW, "put", { at: { provider, collection, id }, body: row });
  }

  /**
   * Changes the members of a row that `change` names, and no others.
   * @param {Provider} provider
   * @param {string} collection
   * @param {string | number} id
   * @param {Record<string, unknown>} change
   */
  patch(provider, collection, id, change) {
    return this.mock.control(ROW, "patch", { at: { provider, collection, id }, body: change });
  }

  /**
   * Deletes a row to which no other refers.
   * @param {Provider} provider
   * @param {string} collection
   * @param {string | number} id
   */
  delete(provider, collection, id) {
    return this.mock.control(ROW, "delete", { at: { provider, collection, id } });
  }

  /**
   * What changed since the test began, or since a snapshot.
   * @param {string} [since]
   */
  diff(since) {
    return this.mock.control("/_mock/state/diff", "get", { query: { since } });
  }
}

module.exports = { State };
