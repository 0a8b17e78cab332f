/**
 * Law: no leak. A while after its application left, a process holds nothing any more: no timer, socket or listener.
 *
 * A page that shows another part of an application goes on living, and what the part before left behind adds up: the timer
 * that dials again, the listener of `online` that does so too, the socket that nobody closed.
 */
import { counted } from '../../../src/count.ts';
import { visible } from '../../../src/visible.ts';
import { law } from '../law.ts';

interface Memory {
  /** Texts in lines of what may be held. */
  readonly keeps: readonly string[];
}

export const noLeak = law<Memory>({
  name: 'no-leak',
  states: 'a while after its application left, a process holds no timer, socket or listener any more',
  needs: { promises: { noLeak: true }, entries: ['held'] },
  remember: ({ promises }) => ({ keeps: typeof promises?.noLeak === 'object' ? promises.noLeak.keeps : [] }),
  on: {
    held({ keeps }, { node, timers, sockets, listeners }, breach) {
      const others = (lines: readonly string[]): readonly string[] =>
        lines.filter((line) => !keeps.some((text) => line.includes(text)));
      const all = [some('timer', others(timers)), some('socket', others(sockets)), some('listener', others(listeners))];
      const left = all.filter((each) => each !== '');
      if (left.length > 0) breach(`${node} still holds what its application left behind: ${left.join('; ')}.`);
    },
  },
});

/** What is left of one kind, counted, the first three in the words of whoever saw them. */
function some(what: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const shown = lines.slice(0, 3).map(visible).join(', ');
  return `${counted(lines.length, what)} (${shown}${lines.length > 3 ? ', …' : ''})`;
}
