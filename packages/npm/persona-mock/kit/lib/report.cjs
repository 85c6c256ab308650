"use strict";
// What a failing test is told: its calls with their hints, what they changed, and where to see it all.

/** @typedef {import("../control.js").components["schemas"]} Schemas */

/** How many calls and changes are shown; the page has them all. */
const MOST = 20;
const LONGEST = 160;

/**
 * @param {import("./mock.cjs").Mock} mock
 * @returns {Promise<string>}
 */
async function report(mock) {
  const lines = [`persona-mock: the sandbox of this test is kept: ${mock.name}`];
  try {
    const [page, difference] = await Promise.all([mock.requests({ limit: MOST, order: "newest" }), mock.state.diff()]);
    lines.push(...calls(page), ...changes(difference));
  } catch (error) {
    lines.push(`  what it holds cannot be shown: ${/** @type {Error} */ (error).message}`);
  }
  lines.push(`  page: ${mock.page}`);
  return lines.join("\n");
}

/**
 * @param {Schemas["ExchangePage"]} page
 * @returns {string[]}
 */
function calls(page) {
  const shown = page.requests;
  if (shown.length === 0) {
    const elsewhere = (page.elsewhere ?? []).map(({ sandbox, last }) => `    ${sandbox}${last ? `: ${last}` : ""}`);
    return ["  calls: none", ...(elsewhere.length ? ["  calls to other sandboxes, the last of each:", ...elsewhere] : [])];
  }
  const lines = shown.reverse().flatMap((call) => {
    const fault = call.fault ? ` [fault ${call.fault}]` : "";
    const asked = `    #${call.number} ${call.request.method} ${call.request.target} -> ${call.answer.status}${fault}`;
    return call.hint ? [asked, `       hint: ${call.hint.message}`] : [asked];
  });
  const more = page.written - shown.length;
  return [more > 0 ? `  calls, the last ${shown.length} of ${page.written}:` : "  calls:", ...lines];
}

/**
 * @param {Schemas["StateDiff"]} difference
 * @returns {string[]}
 */
function changes(difference) {
  const all = Object.entries(difference.providers).flatMap(([provider, changed]) =>
    changed.map((change) => `    ${provider} ${line(change)}`),
  );
  if (all.length === 0) return ["  changed: nothing"];
  const more = all.length > MOST ? [`    and ${all.length - MOST} more`] : [];
  return ["  changed:", ...all.slice(0, MOST), ...more];
}

/** @param {Schemas["Change"]} change */
function line(change) {
  if (change.change === "added") return `+ ${change.path}: ${short(change.value)}`;
  if (change.change === "removed") return `- ${change.path}: ${short(change.value)}`;
  return `~ ${change.path}: ${short(change.from)} -> ${short(change.to)}`;
}

/** @param {unknown} value */
function short(value) {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/**
 * Puts what a test is told behind the message of its failure. A failure keeps its type, so that whoever looks at that
 * sees what was thrown.
 * @param {any} error
 * @param {string} text
 */
function explain(error, text) {
  if (error === null || typeof error !== "object" || typeof error.message !== "string") {
    return new Error(`${String(error)}\n\n${text}`, { cause: error });
  }
  const before = error.message;
  const stack = typeof error.stack === "string" ? error.stack : undefined;
  try {
    error.message = `${before}\n\n${text}`;
    // The stack begins with the message as it was when it was thrown, and some runners show that.
    if (stack !== undefined && stack.includes(before)) {
      error.stack = stack.replace(before, () => error.message);
    }
  } catch {
    return new Error(`${before}\n\n${text}`, { cause: error });
  }
  return error;
}

module.exports = { explain, report };
