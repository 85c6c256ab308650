// What `ui/lib/api.js` gives, with the types of the control API's own document: a path that the API has not, and a member
// that an answer has not, are errors.

import type { components, paths } from './control';

export type Schemas = components['schemas'];

type Below<Path> = Path extends `/_mock/${infer Rest}` ? Rest : never;
type Pattern<Path extends string> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${string}${Pattern<After>}`
  : Path;
type Named<Path extends string> = {
  [Known in keyof paths]: Path extends Pattern<Below<Known>> ? Known : never;
}[keyof paths];
type Verb<Path extends string, Method extends string> =
  paths[Named<Path>] extends infer Item ? Item[Lowercase<Method> & keyof Item] : never;
type Good<Answers> = Answers extends { 200: infer Answer } ? Answer : Answers extends { 201: infer Answer } ? Answer : null;
type Json<Answer> = Answer extends { content: { 'application/json': infer Body } } ? Body : null;
/** A path that is put together is any; one that stands in the source must be one of the API's. */
type Known<Path extends string> = string extends Path ? Path : Named<Path> extends never ? never : Path;
type Given<Path extends string, Method extends string> = string extends Path | Method ? any :
  Verb<Path, Method> extends { responses: infer Answers } ? Json<Good<Answers>> : never;
type Taken<Path extends string, Method extends string> = string extends Path | Method ? any :
  Verb<Path, Method> extends { requestBody?: { content: { 'application/json': infer Body } } } ? Body : never;

interface Options<Path extends string, Method extends string> {
  method?: Method;
  sandbox?: string;
  query?: unknown;
  body?: Taken<Path, Method>;
  text?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  makes?: boolean;
}

export class Refused extends Error {
  status: number;
  at?: string;
  faults: string[];
  gone?: string | false;
  problem: Partial<Schemas['Problem']>;
}

export interface Operation {
  name: string;
  provider: string;
  method: string;
  path: string;
  summary: string;
  statuses: string[];
  parameters: any[];
  body: any;
  document: any;
}

export const server: URL;
export const listeners: { token: (tried: string | null) => unknown; again: () => void };
export function keepToken(token: string | null): void;
export function token(): string | null;
export function send<Path extends string, Method extends string = 'GET'>(
  path: Known<Path>,
  options?: Options<Path, Method>,
): Promise<Response>;
export function ask<Path extends string, Method extends string = 'GET'>(
  path: Known<Path>,
  options?: Options<Path, Method>,
): Promise<Given<Path, Method>>;
export function download(path: string, sandbox: string, name?: string): Promise<void>;
export function contract(): Promise<any>;
export function noHistory(): Promise<string>;
export function baseUrl(sandbox: string): string;
export function resolved(document: any, node: any): any;
export function operations(sandbox: string, signal: AbortSignal): Promise<Operation[]>;
export function exampleBody(operation: Operation): string;
