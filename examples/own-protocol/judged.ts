/** What must hold of a feed, what must sometimes happen, what can go wrong with it, and how good it is. */
import { claim, fault, figure, law } from 'hangup';

/** Each client's last event. A page that is loaded again has none: it is a newcomer. */
const lasts = () => new Map<string, number>();

export const inOrder = law({
  name: 'in-order',
  states: 'a client is shown each event once, in order',
  remember: lasts,
  on: {
    custom(last, { node, name, value }, breach) {
      if (name !== 'shown') return;
      const before = last.get(node) ?? 0;
      if (Number(value) <= before) breach(`${node} was shown event ${value} after event ${before}`);
      last.set(node, Math.max(before, Number(value)));
    },
    reloaded: (last, { node }) => void last.delete(node),
  },
});

export const noSilentGap = law({
  name: 'no-silent-gap',
  states: 'a client that misses an event is told of the gap',
  remember: lasts,
  on: {
    custom(last, { node, name, value }, breach) {
      const expected = (last.get(node) ?? Number(value) - 1) + 1;
      if (name === 'shown' && Number(value) > expected)
        breach(`${node} was shown event ${value}, and nothing of ${expected}`);
      if (name !== 'newest') last.set(node, Number(value));
    },
    reloaded: (last, { node }) => void last.delete(node),
  },
});

export const overrun = claim({
  name: 'overrun',
  states: 'a client was away for longer than the server remembers',
  remember: () => null,
  on: { custom: (_, { name }, reached) => name === 'gap' && reached() },
});

export const ringWiped = fault({
  name: 'ringWiped',
  hits: 'server',
  about: 'server: forgets every event that it remembers',
  begin(scene, { target }) {
    scene.tell(scene.node(target), { type: 'wipe' });
    return 'over';
  },
});

export const catchUp = figure({
  name: 'catch-up',
  states: 'from the opening of a connection to the first event on it',
  unit: 'us',
  statistic: 'p95',
  remember: () => ({ opened: new Map<string, number>(), samples: [] as number[] }),
  on: {
    opened: ({ opened }, { node, at }) => void opened.set(node, at),
    custom({ opened, samples }, { node, name, at }) {
      const since = opened.get(node);
      if (name !== 'shown' || since === undefined) return;
      samples.push(at - since);
      opened.delete(node);
    },
  },
  come: ({ samples }) => samples,
});
