/** What a module says through `hangup/probe`, as effects that a witness understands. */
import type { BoundaryEffect, SendOutcome } from '../../src/boundary.ts';
import type { StreamId } from '../../src/history.ts';
import { mustBeSaid } from '../core/spoken.ts';

/** `first` is a stream, a key, an error or a text; `second` what there is to say of it. Throws for a fact that nobody knows. */
export function factOf(fact: string, first: string, second: string | Uint8Array | null): BoundaryEffect {
  const effect = effectOf(fact, first, second);
  mustBeSaid(effect);
  return effect;
}

function effectOf(fact: string, first: string, second: string | Uint8Array | null): BoundaryEffect {
  const text = typeof second === 'string' ? second : '';
  switch (fact) {
    case 'produced':
      return { type: 'write', stream: first as StreamId, value: second ?? '' };
    case 'received':
      return { type: 'read', stream: first as StreamId, value: second ?? '' };
    case 'replaced':
      return { type: 'replace', stream: first as StreamId, value: second ?? '' };
    case 'submitted':
      return { type: 'submit', key: first };
    case 'settled':
      return { type: 'settle', key: first, outcome: text as SendOutcome };
    case 'performed':
      return { type: 'perform', client: '', key: first };
    case 'told':
      return { type: 'report', error: first, detail: text };
    case 'note':
      return second === null ? { type: 'note', text: first } : { type: 'note', text: first, data: JSON.parse(text) };
    default:
      throw new Error(`\`probe.${fact}\` is no fact that anybody knows`);
  }
}
