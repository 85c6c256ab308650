export = teardown;
/** @returns {Promise<void>} */
declare function teardown(): Promise<void>;
