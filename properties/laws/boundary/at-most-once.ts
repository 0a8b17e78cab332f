/**
 * Law: at most once. What a client asks for takes effect once or never, and a piece of a stream is read once or never.
 *
 * Pieces are items: read as they were written. Those that are alike are counted.
 */
import { law } from '../law.ts';
import { judgeDeed, judgeRepeat, type Memory, PIECES, REQUESTS, remember } from './delivery.ts';

export const atMostOnce = law<Memory>({
  name: 'at-most-once',
  states: 'nothing that a client asks for takes effect twice, and no piece that was written is read twice',
  needs: { promises: { delivery: ['at-most-once'] }, anyOf: ['submitted', 'performed', 'wrote'] },
  remember,
  on: { ...REQUESTS, ...PIECES, performed: judgeDeed, read: judgeRepeat },
});
