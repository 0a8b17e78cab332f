/** Somebody's own text as a part of a sentence: its first line, as much of it as a line bears. */
import { visible } from '../../src/visible.ts';

const SHORT = 80;

export function short(text: string, most = SHORT): string {
  const [first = ''] = text.trimStart().split('\n');
  const line = visible(first.replaceAll('\t', ' '));
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
