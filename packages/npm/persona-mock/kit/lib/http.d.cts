/**
 * What the server answered that was not done.
 */
export class ControlError extends Error {
    /**
     * @param {string} message
     * @param {number} status
     * @param {any} problem
     */
    constructor(message: string, status: number, problem: any);
    /** The status of the answer. */
    status: number;
    /** The problem as the server says it: `title`, `detail`, and of a verification its `failures`. */
    problem: any;
}
/**
 * Asks the server, and gives what it answers as text. A refusal is a `ControlError`.
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @param {Record<string, string>} [fields]
 * @returns {Promise<string>}
 */
export function send(method: string, url: string, body?: unknown, fields?: Record<string, string>): Promise<string>;
