// What may be asked of the control API, by its document: a path or a member that is not there is no type.
import type { paths } from "../control.js";

type Methods = "get" | "put" | "post" | "patch" | "delete";
type Json<T> = T extends { content: { "application/json": infer J } } ? J : undefined;
type Given<T, K extends string> = T extends { [P in K]?: infer V } ? V : undefined;

export type Path = keyof paths & string;
export type Method<P extends Path> = {
  [M in Methods]: paths[P] extends { [K in M]: { responses: unknown } } ? M : never;
}[Methods];
export type Operation<P extends Path, M extends Method<P>> = M extends keyof paths[P] ? NonNullable<paths[P][M]> : never;
export type Body<P extends Path, M extends Method<P>> = Json<NonNullable<Given<Operation<P, M>, "requestBody">>>;
export type Query<P extends Path, M extends Method<P>> = NonNullable<Given<Given<Operation<P, M>, "parameters">, "query">>;
type Responses<P extends Path, M extends Method<P>> = Given<Operation<P, M>, "responses">;
export type Answer<P extends Path, M extends Method<P>> = {
  [S in keyof Responses<P, M>]: S extends 200 | 201 ? Json<Responses<P, M>[S]> : never;
}[keyof Responses<P, M>];

export interface Asked<P extends Path, M extends Method<P>> {
  /** What stands in the path's braces. */
  at?: Record<string, string | number>;
  query?: Query<P, M>;
  body?: Body<P, M>;
  /** Header fields. */
  fields?: Record<string, string>;
}
