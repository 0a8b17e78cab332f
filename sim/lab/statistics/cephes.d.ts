/**
 * What is used of `cephes` (Moshier's library of special functions, compiled to WebAssembly). The package has types, but its
 * `exports` hide them from TypeScript.
 */
declare module 'cephes' {
  /** Settles when the functions may be called. */
  export const compiled: Promise<void>;
  /** The normal distribution, and its inverse. */
  export function ndtr(x: number): number;
  export function ndtri(p: number): number;
  /** The regularised incomplete beta function. */
  export function incbet(a: number, b: number, x: number): number;
}
