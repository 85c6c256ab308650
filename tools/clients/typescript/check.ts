// What a round trip expects, and what came.
import { isDeepStrictEqual } from "node:util";

let done = 0;

export function check<T>(what: string, found: T, expected: NoInfer<T>): void {
  if (!isDeepStrictEqual(found, expected)) {
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  }
  done += 1;
}

export function checks(): number {
  return done;
}

interface Result<T, E> {
  data?: T;
  error?: E;
  response: Response;
}

// The body of an answer that did what was asked.
export function answered<T>(what: string, { data, error, response }: Result<T, unknown>, status = 200): NonNullable<T> {
  if (data === undefined || data === null) {
    throw new Error(`${what}: expected a body with ${status}, found ${response.status} ${JSON.stringify(error)}`);
  }
  check(`${what}: status`, response.status, status);
  return data;
}

// That an answer did what was asked and has no body.
export function empty(what: string, { error, response }: Result<unknown, unknown>): void {
  if (error !== undefined) throw new Error(`${what}: expected 204, found ${response.status} ${JSON.stringify(error)}`);
  check(`${what}: status`, response.status, 204);
}

// The body of a refusal.
export function refused<E>(what: string, { data, error, response }: Result<unknown, E>, status: number): NonNullable<E> {
  if (error === undefined || error === null) {
    throw new Error(`${what}: expected a refusal with ${status}, found ${response.status} ${JSON.stringify(data)}`);
  }
  check(`${what}: status`, response.status, status);
  return error;
}
