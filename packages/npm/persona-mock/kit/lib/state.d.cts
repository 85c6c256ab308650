export type Provider = import("./mock.cjs").Provider;
export type Schemas = import("../control.js").components["schemas"];
/** The data that the vendors of a sandbox have. */
export class State {
    /** @param {import("./mock.cjs").Mock} mock */
    constructor(mock: import("./mock.cjs").Mock);
    /** @private */
    private mock;
    /**
     * A provider's data and ids, in the form of a fixture.
     * @param {Provider} provider
     */
    get(provider: Provider): Promise<{
        [key: string]: unknown;
    }>;
    /**
     * Puts other data in place of a provider's.
     * @param {Provider} provider
     * @param {Schemas["Fixture"]} fixture
     */
    put(provider: Provider, fixture: Schemas["Fixture"]): Promise<never>;
    /**
     * The rows of a list, such as `rows("vijil", "personas", { search: "Mallory" })`: 100 at most, if `limit` does not say
     * otherwise.
     * @param {Provider} provider
     * @param {string} collection
     * @param {import("./asked.js").Query<"/_mock/state/{provider}/{collection}", "get">} [which]
     */
    rows(provider: Provider, collection: string, which?: import("./asked.js").Query<"/_mock/state/{provider}/{collection}", "get">): Promise<{
        rows: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["Row"][];
        total: number;
        next?: number;
    }>;
    /**
     * Adds a row, as if it stood in the fixture.
     * @param {Provider} provider
     * @param {string} collection
     * @param {Record<string, unknown>} row
     */
    add(provider: Provider, collection: string, row: Record<string, unknown>): Promise<{
        [key: string]: unknown;
    }>;
    /**
     * One row.
     * @param {Provider} provider
     * @param {string} collection
     * @param {string | number} id
     */
    row(provider: Provider, collection: string, id: string | number): Promise<{
        [key: string]: unknown;
    }>;
    /**
     * Puts another row in place of one, which keeps its id.
     * @param {Provider} provider
     * @param {string} collection
     * @param {string | number} id
     * @param {Record<string, unknown>} row
     */
    replace(provider: Provider, collection: string, id: string | number, row: Record<string, unknown>): Promise<{
        [key: string]: unknown;
    }>;
    /**
     * Changes the members of a row that `change` names, and no others.
     * @param {Provider} provider
     * @param {string} collection
     * @param {string | number} id
     * @param {Record<string, unknown>} change
     */
    patch(provider: Provider, collection: string, id: string | number, change: Record<string, unknown>): Promise<{
        [key: string]: unknown;
    }>;
    /**
     * Deletes a row to which no other refers.
     * @param {Provider} provider
     * @param {string} collection
     * @param {string | number} id
     */
    delete(provider: Provider, collection: string, id: string | number): Promise<never>;
    /**
     * What changed since the test began, or since a snapshot.
     * @param {string} [since]
     */
    diff(since?: string): Promise<{
        since: string;
        providers: {
            [key: string]: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["Change"][];
        };
    }>;
}
