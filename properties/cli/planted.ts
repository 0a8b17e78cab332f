/** A law that no run keeps, for tests of what comes of a broken one. */
import type { Law } from '../laws/law.ts';
import { LAWS } from '../laws/session/all.ts';
import { law } from '../laws/session/law.ts';

const planted = law<null>({
  name: 'planted',
  states: 'no client is ever given a session',
  remember: () => null,
  on: {
    restored: (_, { node, session }, breach) => breach(`${node} was given session ${session}.`),
  },
});

/** From now on it is one of the laws; what is returned takes it away again. */
export function plant(): () => void {
  const laws = LAWS as Law[];
  laws.push(planted);
  return () => void laws.splice(laws.indexOf(planted), 1);
}
