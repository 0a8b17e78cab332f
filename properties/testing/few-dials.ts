/** A law that is too strict, so that a sweep has something to find: who loses two connections breaks it. */
import { law } from '../laws/law.ts';

export const fewDials = law({
  name: 'few-dials',
  states: 'no client dials more than twice',
  remember: () => new Map<string, number>(),
  on: {
    dialled(dials, { node }, breach) {
      if (!node.startsWith('c')) return;
      const count = (dials.get(node) ?? 0) + 1;
      dials.set(node, count);
      if (count === 3) breach(`${node} dialled a third time`);
    },
  },
});
