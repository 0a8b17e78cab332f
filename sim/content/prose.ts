/** Prose of any length from a small vocabulary: readable enough to see where a stream was cut. */
const SUBJECTS = [
  'The server',
  'A client',
  'The balancer',
  'This session',
  'Every stream',
  'The old connection',
  'A phone on a train',
  'The next retry',
];
const VERBS = [
  'remembers',
  'loses',
  'replays',
  'acknowledges',
  'waits for',
  'resumes',
  'closes',
  'notices',
  'survives',
  'repeats',
];
const OBJECTS = [
  'the last chunk',
  'a silent link',
  'its own cursor',
  'the whole answer',
  'a crash',
  'the drain',
  'an open socket',
  'nothing at all',
  'two round trips',
  'the bound',
];
const ENDINGS = [
  'once',
  'in order',
  'after the tunnel',
  'before the deadline',
  'under load',
  'on another server',
  'without a word',
  'at last',
];

/** `bytes` bytes of ASCII prose; the same for the same seed, on every machine. */
export function prose(seed: number, bytes: number): string {
  const parts: string[] = [];
  let length = 0;
  let x = seed >>> 0;
  const pick = (words: readonly string[]): string => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return words[(x >>> 16) % words.length] as string;
  };
  for (let sentence = 1; length < bytes; sentence++) {
    const text = `${pick(SUBJECTS)} ${pick(VERBS)} ${pick(OBJECTS)} ${pick(ENDINGS)}.${sentence % 6 === 0 ? '\n\n' : ' '}`;
    parts.push(text);
    length += text.length;
  }
  return parts.join('').slice(0, bytes);
}
