/**
 * Law 9, no leak: when nothing is left to happen, nothing is left over.
 *
 * A timer or a connection that survives its purpose costs little in one run and a server in a month.
 */
import { counted } from '../../../src/count.ts';
import { CONNS_PER_NODE } from '../../../src/transport.ts';
import { type Breach, law } from '../law.ts';

export const noLeak = law<null>({
  name: 'no-leak',
  states: 'at rest no timer, connection or session is left over',
  needs: { entries: ['rest'] },
  remember: () => null,
  on: {
    rest(_memory, { timers, conns, sessions }, breach) {
      const left = [
        ...some(
          'timer',
          timers.map(({ node, timer, key }) => `${timer}${about(key, breach)} of ${node}`),
        ),
        ...some(
          'connection',
          conns.map(({ node, conn }) => `${breach.nameOf(conn)} at ${node}`),
        ),
        ...some('session', sessions.map(String)),
      ];
      if (left.length > 0) breach(`At rest there was left: ${left.join('; ')}.`);
    },
  },
});

/** What is left of one kind, counted, the first three by name. */
function some(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 3).join(', ');
  return [`${counted(names.length, what)} (${shown}${names.length > 3 ? ', …' : ''})`];
}

/** What a timer is about: a connection, which is numbered above everything else, or a session, stream or answer. */
const about = (key: number, breach: Breach): string =>
  key === 0 ? '' : ` ${key > CONNS_PER_NODE ? breach.nameOf(key) : key}`;
