export type Schemas = import("../control.js").components["schemas"];
/**
 * Puts what a test is told behind the message of its failure. A failure keeps its type, so that whoever looks at that
 * sees what was thrown.
 * @param {any} error
 * @param {string} text
 */
export function explain(error: any, text: string): any;
/**
 * @param {import("./mock.cjs").Mock} mock
 * @returns {Promise<string>}
 */
export function report(mock: import("./mock.cjs").Mock): Promise<string>;
