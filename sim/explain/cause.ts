/**
 * The cause of a failure, as far as its words tell: the law and the sentence that it says, without numbers, times and names.
 * Two runs that fail by one cause are one bug to whoever reads them; one that breaks the same law in other words is another,
 * which a shrink must not slip to, and which a long list must not hide.
 */
import type { BreachReport, Outcome } from '../core/outcome.ts';

/** What a run failed by. */
export interface Failing {
  /** The law, or `budget`, `threw`, `crashed`, `nondeterministic` for a run that came to no verdict. */
  readonly law: string;
  readonly message: string;
}

/** A sentence with its numbers, times and names taken out: `# was given chunk # twice`. */
export function causeOf(message: string): string {
  return (
    message
      .slice(0, LONGEST)
      // Data in quotes says what, and not how; an address is one of many.
      .replace(/"(?:[^"\\]|\\.)*"/g, '"…"')
      .replace(/\b\w+:\/\/[^\s,;)]+/g, '#')
      .replace(/\b[0-9a-f]{8,64}\b/g, '#')
      // One or many: `1 byte`, `2 bytes`; `1 retry`, `2 retries`; `1 piece is`, `2 pieces are`.
      .replace(/(?<![\p{L}\p{N}_.~#-])\p{N}+(?:[.,]\p{N}+)* (\p{Ll}{3,})(?: (is|are|was|were)\b)?/gu, asMany)
      // `lb#14`, `c1#3/2`: connections.
      .replace(/[\p{L}_][\p{L}\p{N}_~-]*#\p{N}+(?:\/\p{N}+)*/gu, '#')
      // `c1`, `c1-lb`, `c1#3`, `q2~1`, `512`, `1.5`: whatever has a digit in it.
      .replace(
        /[-+]?[\p{L}_][\p{L}\p{N}_~-]*\p{N}[\p{L}\p{N}_.~#-]*|[-+]?\p{N}[\p{L}\p{N}_~#-]*(?:[.,:]\p{N}+)*/gu,
        '#',
      )
      .replace(/#(?:[.#/-]#)+/g, '#')
      .replace(/# (?:us|ms|s|min|h|d|days?)\b(?: # (?:us|ms|s|min|h)\b)*/g, '#')
      // `stream 1`, `stream 1, stream 4 and stream 7`.
      .replace(LISTED, '$1')
      .replace(LISTED, '$1')
  );
}

/** A list of what is alike once its numbers are out; of several kinds, in turns. */
const LISTED = /((?:\p{Ll}+ )?#)(?:(?:, | and |, and )\1)+/gu;

/** A count of something as it is of many, whatever the number; words that are no plural stay. */
const asMany = (_: string, noun: string, verb: string | undefined): string => {
  const one = noun.endsWith('ies')
    ? `${noun.slice(0, -3)}y`
    : /[^s]s$/.test(noun) && !ALONE.has(noun)
      ? noun.slice(0, -1)
      : noun;
  return `# ${one}${verb === undefined ? '' : verb === 'is' || verb === 'are' ? ' is' : ' was'}`;
};

const ALONE: ReadonlySet<string> = new Set(['was', 'has', 'its', 'this', 'does', 'plus', 'minus', 'bus', 'status']);

/** What is not a sentence (a stack, a document) differs from another in its beginning. */
const LONGEST = 600;

/** One text for a law and a cause; no name of a law has a line end. */
export const keyOf = ({ law, message }: Failing): string => `${law}\n${causeOf(message)}`;

/** What an outcome failed by, in the order in which it happened; empty for a run that holds. */
export const failingsOf = ({ breaches, exceeded }: Pick<Outcome, 'breaches' | 'exceeded'>): readonly Failing[] =>
  breaches.length > 0 ? inTime(breaches) : exceeded === null ? [] : [{ law: 'budget', message: exceeded }];

/** Laws that judge the end of a run speak last, whatever the order in which they were asked. */
const inTime = (breaches: readonly BreachReport[]): readonly BreachReport[] =>
  breaches.toSorted((a, b) => a.event - b.event);
