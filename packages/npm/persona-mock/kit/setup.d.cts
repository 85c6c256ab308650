export = setup;
/** @returns {Promise<() => Promise<void>>} */
declare function setup(): Promise<() => Promise<void>>;
