/** The law of peers: what one expects comes, as long as nothing is wrong. */
import { law } from '../../properties/laws/law.ts';
import { formatInstant } from '../../src/time.ts';
import { UNEXPECTED } from './peer-process.ts';

/** A fault has consequences (a server that reads a long queue, a path that is full) for so long after its end. */
const AFTERWARDS = 5_000_000;

interface Unmet {
  readonly expected: string;
  readonly since: number;
  readonly within: string;
}

export const asExpected = law({
  name: 'as-expected',
  states: 'what a peer expects of a server comes in time, on a connection in whose life there was no fault',
  remember: () => ({ active: 0, last: -AFTERWARDS, dialled: new Map<string, number>() }),
  on: {
    fault(memory, { begins, at }) {
      memory.active += begins ? 1 : -1;
      memory.last = at;
    },
    dialled: ({ dialled }, { node, at }) => void dialled.set(node, at),
    custom({ active, last, dialled }, { node, name, value }, breach) {
      if (name !== UNEXPECTED) return;
      // What was dialled before a fault may be dead, and nobody need know.
      if (active > 0 || (dialled.get(node) ?? 0) < last + AFTERWARDS) return;
      const { expected, since, within } = value as Unmet;
      breach(`${node} expected ${expected} from ${formatInstant(since)} on, and it did not come within ${within}.`);
    },
  },
});
