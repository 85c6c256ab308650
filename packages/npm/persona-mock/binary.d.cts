/**
 * The path of the server's binary on this platform. Throws an error that is meant for people where there is none, or
 * one of another version than this package.
 */
export function binaryPath(platform?: NodeJS.Platform, arch?: string): string;

/** The version of this package, which is also the binary's. */
export const version: string;
