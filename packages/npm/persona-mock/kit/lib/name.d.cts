/**
 * What makes a test another one.
 */
export type Identity = {
    /**
     * The runner's project, where it has several.
     */
    project?: string | undefined;
    /**
     * The file of the test.
     */
    file?: string | undefined;
    /**
     * The full title: that of the test behind those that it stands in.
     */
    title: string;
    /**
     * Which try of it this is.
     */
    retry?: string | number | undefined;
    /**
     * The run; one of this process, where absent.
     */
    run?: string | undefined;
};
/**
 * A slug of the title, and ten characters that hang on all that makes the test another one.
 * @param {Identity} test
 * @returns {string}
 */
export function sandboxName({ project, file, title, retry, run }: Identity): string;
