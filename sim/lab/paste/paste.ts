/** What is pasted: a policy as code or settings of a client that others wrote, and what that client cannot do of it. */

export interface Paste {
  /** What people call the client: `graphql-ws`, `Envoy`. */
  readonly client: string;
  /** The package or program, with the version that the code was written for. */
  readonly of: string;
  readonly language: 'ts' | 'json' | 'yaml';
  readonly code: string;
  /** A line for each thing that the policy says and this client does not do, or does otherwise; empty where it is exact. */
  readonly lost: readonly string[];
}

/** A duration in microseconds as a number of milliseconds. */
export const millis = (us: number): string => {
  const ms = us / 1000;
  return Number.isInteger(ms) && ms >= 10_000 ? String(ms).replace(/\B(?=(\d{3})+$)/g, '_') : String(ms);
};

/** The value of a ratio, exact where decimals can say it, else a division. */
export const ratioText = ({ num, of }: { readonly num: number; readonly of: number }): string => {
  const value = num / of;
  return Number.isInteger(value * 10_000) ? String(value) : `(${num} / ${of})`;
};
