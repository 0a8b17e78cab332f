/** One round of damaged files: what each came to, and what must not have happened. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a case came to: refused in one line with exit code 2, or taken, with the verdict of a run under it. */
export type Verdict = 'refused' | 'holds' | 'broken' | 'budget';

/** Sorts of files, and how one of them is tried. Throws when anything else happened. */
export interface Fuzz {
  readonly kinds: readonly string[];
  /** `name` draws the case, `folder` is for its files. */
  try(kind: string, name: string, folder: string): Verdict | Promise<Verdict>;
}

export interface Finding {
  readonly kind: string;
  /** Draws the same case again. */
  readonly name: string;
  readonly what: string;
}

export interface Round {
  readonly tally: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  /** The case that took longest, in milliseconds of processor time. */
  readonly slowest: { readonly name: string; readonly ms: number };
}

/** No case may take longer, in milliseconds of processor time. */
export const CASE_MOST = 2000;

/** Tries cases `from` to `from + count`, each kind in turn; each may take `most`. */
export async function fuzz(
  { kinds, try: attempt }: Fuzz,
  count: number,
  from: number,
  most = CASE_MOST,
): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-fuzz-'));
  const tally: Record<string, number> = {};
  const findings: Finding[] = [];
  let slowest = { name: '', ms: 0 };
  try {
    for (let number = from; number < from + count; number++) {
      const kind = kinds[number % kinds.length] as string;
      const name = `${kind} ${number}`;
      const before = process.cpuUsage();
      let verdict: string;
      try {
        verdict = await attempt(kind, name, folder);
      } catch (error) {
        verdict = 'finding';
        findings.push({ kind, name, what: (error as Error).stack ?? String(error) });
      }
      const { user, system } = process.cpuUsage(before);
      const ms = (user + system) / 1000;
      if (ms > slowest.ms) slowest = { name, ms };
      if (ms > most) findings.push({ kind, name, what: `took ${Math.round(ms)} ms of processor time` });
      tally[`${kind} ${verdict}`] = (tally[`${kind} ${verdict}`] ?? 0) + 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { tally, findings, slowest };
}
