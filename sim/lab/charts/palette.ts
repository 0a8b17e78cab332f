/**
 * Colours of the pictures, those of the other pages under the same names. On paper a picture has the light ones; a page
 * that holds one puts variables in their place, so each colour is written in one way and means one thing.
 *
 * A series has a colour, a dash and a letter: six colours that stay apart under every colour blindness, then the same six
 * dashed. Whoever prints in grey goes by the letter.
 */

/** Light, dark. Against white and #141921: text 4.5 or more, marks 3 or more, but `grid`, `band` and `pale`, which only stand behind. */
export const TOKENS = {
  paper: ['#ffffff', '#141921'],
  ink: ['#12161d', '#e9edf3'],
  ink2: ['#465060', '#aeb8c6'],
  ink3: ['#5f6978', '#8f9aaa'],
  line: ['#c5ccd6', '#3a4452'],
  grid: ['#eceff3', '#1e2530'],
  band: ['#f1f3f6', '#1a212b'],
  pale: ['#a3adba', '#5d6979'],
  data: ['#0b5cad', '#6db5ff'],
  lost: ['#982f00', '#ff9b5e'],
  ack: ['#00755a', '#63e3bd'],
  held: ['#8f6c00', '#e2b23f'],
  late: ['#66297f', '#dcb4f2'],
  broken: ['#b4003a', '#ff6a90'],
} as const;

export type Token = keyof typeof TOKENS;

/** The colour on paper. */
export const light = (token: Token): string => TOKENS[token][0];

export interface Series {
  readonly letter: string;
  readonly token: Token;
  readonly colour: string;
  /** Of a line, in pixels; empty for a solid one. */
  readonly dash: readonly number[];
}

const ORDER = ['data', 'lost', 'ack', 'late', 'held', 'ink'] as const satisfies readonly Token[];
const DASHES = [[], [5, 2]] as const;

/** The most that one picture tells apart. */
export const SERIES_MOST = ORDER.length * DASHES.length;

/** The look of the nth policy of a document, in every picture alike. */
export function seriesOf(nth: number): Series {
  const token = ORDER[nth % ORDER.length] as Token;
  const dash = DASHES[Math.floor(nth / ORDER.length) % DASHES.length] as readonly number[];
  return { letter: letterOf(nth), token, colour: light(token), dash };
}

/** A to Z, then AA, AB, … */
export const letterOf = (nth: number): string =>
  `${nth < 26 ? '' : letterOf(Math.floor(nth / 26) - 1)}${String.fromCharCode(65 + (nth % 26))}`;
