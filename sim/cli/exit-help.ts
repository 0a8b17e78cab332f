/** Exit codes as the help of a command says them. */
import { hanging } from './columns.ts';

/** The exit codes of a command, as its help says them; `said` replaces what a code says, null leaves it out. */
export function codes(said: Readonly<Record<number, string | null>> = {}): string {
  const all: Readonly<Record<number, string | null>> = {
    0: 'every law holds',
    1: 'a law is broken',
    2: 'bad usage or bad input',
    3: 'a run came to no end',
    4: 'a run threw, crashed or was nondeterministic',
    70: 'a bug of hangup',
    74: 'input or output failed',
    130: 'interrupted (Ctrl-C, SIGTERM, SIGHUP)',
    ...said,
  };
  const text = Object.entries(all).flatMap(([code, words]) => (words === null ? [] : [`${code}\u00a0${words}`]));
  const lines = hanging(`${text.join(', ')}.`, 'Exit codes: '.length, { isTTY: true, columns: HELP_WIDTH });
  return `\n\nExit codes: ${lines.replaceAll('\u00a0', ' ')}`;
}

/** What a terminal has at least; what Commander writes fits as well. */
const HELP_WIDTH = 80;
