export type Options = import("./server.cjs").Options;
/**
 * Starts the server of a run, and answers what ends it: a global setup of one's own is
 * `export default () => beginRun({ args: ["--auth", "strict"] })`. Whoever comes later shares it, and the last one ends it.
 * @param {Options} [options]
 * @returns {Promise<() => Promise<void>>}
 */
export function beginRun(options?: Options): Promise<() => Promise<void>>;
/**
 * The server of this run, in any of its processes.
 * @param {string} setup What the runner's configuration lacks, where nothing started one.
 */
export function serverOfRun(setup: string): Promise<import("./server.cjs").Server>;
