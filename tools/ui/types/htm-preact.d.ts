// What the page takes of htm and preact, which bring no types in one file.

export type Node = unknown;
export function html(strings: TemplateStringsArray, ...values: unknown[]): Node;
export function render(node: Node, into: Element): void;
export function useState<T>(first: T): [T, (next: T | ((now: T) => T)) => void];
export function useEffect(work: () => unknown, deps?: unknown[]): void;
export function useLayoutEffect(work: () => unknown, deps?: unknown[]): void;
export function useRef<T>(first: T): { current: T };
export function useMemo<T>(make: () => T, deps: unknown[]): T;
