// What `ui/lib/kit.js` gives, for the screens: what a promise gives has its own type.

export { html, render, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../vendor/htm-preact.js';

interface Place {
  sandbox: string;
  screen: string;
  query?: string;
}

export function shown(value: unknown, most?: number): string;
export function line(value: unknown, most?: number): string;
export function bytes(count: number): string;
export function clock(at: string): string;
export function counted(count: number, noun: string): string;
export function took(ms: number): string;
export function lasts(s: number): string;
export function here(): { sandbox: string; screen: string; query: string };
export function where(place: Place): string;
export function go(place: Place): void;
export function useAsked<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  deps: unknown[],
  every?: number,
): { value?: T; error?: any; again: () => void };
export function useChange(after?: (done: any) => unknown): [any, (work: () => Promise<any>, key?: string) => Promise<void>];
export function said(work: (fields: any, by?: string) => unknown): (event: any) => void;

type Component = (props: any) => unknown;
export const Badge: Component;
export const Button: Component;
export const Changes: Component;
export const Copy: Component;
export const Dialog: Component;
export const Entered: Component;
export const Field: Component;
export const Form: Component;
export const Make: Component;
export const Pairs: Component;
export const Select: Component;
export const Status: Component;
export const Table: Component;
export const Text: Component;
export const Wrong: Component;
