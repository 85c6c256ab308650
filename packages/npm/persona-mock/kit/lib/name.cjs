"use strict";
// The name of a test's sandbox.
const { createHash } = require("node:crypto");

/**
 * What makes a test another one.
 * @typedef {object} Identity
 * @property {string} [project] The runner's project, where it has several.
 * @property {string} [file] The file of the test.
 * @property {string} title The full title: that of the test behind those that it stands in.
 * @property {number | string} [retry] Which try of it this is.
 * @property {string} [run] The run; one of this process, where absent.
 */

/** A sandbox's name has at most 64 characters: 40 for people, and 10 that are another test's never. */
const LONGEST_SLUG = 40;

/**
 * A slug of the title, and ten characters that hang on all that makes the test another one.
 * @param {Identity} test
 * @returns {string}
 */
function sandboxName({ project = "", file = "", title, retry = 0, run = "" }) {
  const letters = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = letters.split(/[^a-z0-9]+/).filter(Boolean);
  // A long title says what it is about at its end.
  let slug = words.join("-");
  if (slug.length > LONGEST_SLUG) slug = slug.slice(-LONGEST_SLUG).replace(/^[a-z0-9]*-(?=[a-z0-9])/, "");
  // As JSON, so that no two lists of texts are one text.
  const hash = createHash("sha256").update(JSON.stringify([project, file, title, retry, run]));
  return `${slug || "test"}-${hash.digest("hex").slice(0, 10)}`;
}

module.exports = { sandboxName };
