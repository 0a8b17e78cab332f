/** Loaded before the command (`--import`): a law that no run keeps, for tests of what comes of a broken one. */
import { LAWS } from '../laws/all.ts';
import { type Law, law } from '../laws/law.ts';

const planted = law<null>({
  name: 'planted',
  states: 'no client is ever given a session',
  remember: () => null,
  on: {
    restored: (_, { node, session }, breach) => breach(`${node} was given session ${session}.`),
  },
});

(LAWS as Law[]).push(planted);
