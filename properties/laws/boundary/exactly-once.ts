/**
 * Law: exactly once. What a client asks for takes effect once, and a piece of a stream without an order is read once.
 *
 * A key is what a client asked under; a server that performs it need not know for whom. What was asked for and never came
 * to anything is a breach at the end of a run, unless its client was told an outcome, or has left; `completeWithin` says
 * when it is one before. Pieces of streams whose order is promised, too, are the law of prefix's.
 */
import { law } from '../law.ts';
import { judgeDeed, judgeOpen, judgeRepeat, type Memory, PIECES, REQUESTS, remember } from './delivery.ts';

export const exactlyOnce = law<Memory>({
  name: 'exactly-once',
  states: 'what a client asks for takes effect once, and each piece that was written is read once',
  needs: { promises: { delivery: ['exactly-once'] }, anyOf: ['submitted', 'performed', 'wrote'] },
  remember,
  on: {
    ...REQUESTS,
    ...PIECES,
    performed: judgeDeed,
    read(memory, entry, breach) {
      if (memory.ordered) return;
      judgeRepeat(memory, entry, breach);
    },
  },
  end: judgeOpen,
});
