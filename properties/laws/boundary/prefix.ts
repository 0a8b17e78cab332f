/**
 * Law: prefix. What an application was given of a stream is, at every instant, the beginning of what was written there.
 *
 * Nothing is missing in it, nothing comes twice, nothing is out of order and nothing is changed. How either side cuts its
 * pieces is its own affair. It is judged where each piece is promised exactly once and in order; whoever promises less is
 * judged piece by piece, by the laws *order*, *at least once* and *at most once*.
 */
import { type Breach, law } from '../law.ts';
import { Texts } from './texts.ts';

export const prefix = law<Texts>({
  name: 'prefix',
  states:
    'at every instant, what an application was given of a stream is the beginning of what was written there: nothing is missing, twice, out of order or changed',
  needs: {
    promises: { delivery: ['exactly-once'], order: ['per-stream'] },
    entries: ['wrote', 'read'],
  },
  remember: (facts) => new Texts(facts),
  on: {
    wrote: (texts, entry) => texts.wrote(entry),
    read: (texts, entry, breach) => say(texts.read(entry), breach),
    replaced: (texts, entry, breach) => say(texts.replaced(entry), breach),
    told: (texts, entry) => texts.told(entry),
    reloaded: (texts, { node, kept }) => texts.reloaded(node, kept),
    // A client that is no page: what it finds on its disk is its own affair.
    restarted: (texts, { node }) => texts.reloaded(node, true),
  },
});

function say(wrong: string | null, breach: Breach): void {
  if (wrong !== null) breach(wrong);
}
