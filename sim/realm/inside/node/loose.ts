/** What code of others hands over: anything. Builtins are called by JavaScript that no type checker has seen. */

// biome-ignore lint/suspicious/noExplicitAny: see above.
export type Any = any;
export type Callback = (...args: Any[]) => Any;
