/**
 * Trouble: what an operator, a deployment or a bad host does to a server that lives. It is overloaded, it is slow, it
 * speaks other versions than before, it admits other origins, its wall clock jumps, an operator closes all that is open.
 */
import type { Ratio } from '../../machine.ts';
import type { Duration, Instant } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import { unavailable } from './calls.ts';
import { hangUp } from './ending.ts';
import { changeShare, sendAway } from './intake.ts';
import type { Effects, ServerState } from './state.ts';
import { watchToken } from './token.ts';

export type TroubleEvent =
  /**
   * `hello`: connections are accepted, and every HELLO is answered with 1013; `handshake`: handshakes are refused with 503;
   * `none`: as usual. `sheds`: those who are attached are sent away with 1013 too.
   */
  | { readonly type: 'overload'; readonly refuses: Refuses; readonly sheds: boolean }
  /** Every request to store and token service goes out so much later; 0 ends it. */
  | { readonly type: 'slow'; readonly by: Duration }
  /** It can admit this share of its rate from now on, above 0 (a brown-out); 1/1 ends it. */
  | { readonly type: 'share'; readonly share: Ratio }
  /** The protocol versions that it speaks from now on; open connections keep theirs. */
  | { readonly type: 'speaks'; readonly min: number; readonly max: number }
  /** The origins that it admits from now on (null: all); open connections are not judged again. */
  | { readonly type: 'origins'; readonly allowed: readonly string[] | null }
  /** Its wall clock is so far ahead of the true time (behind, when negative). */
  | { readonly type: 'clock'; readonly ahead: number }
  /** Every connection is closed with this code; their sessions wait. */
  | { readonly type: 'closeAll'; readonly code: number };

/** What an overloaded server refuses. */
export type Refuses = 'none' | 'hello' | 'handshake';

export function trouble(state: ServerState, event: TroubleEvent, now: Instant, effects: Effects): void {
  switch (event.type) {
    case 'overload':
      state.refuses = event.refuses;
      if (event.refuses === 'handshake') sendAway(state, effects);
      if (event.sheds) for (const key in state.conns) shed(state, Number(key), now, effects);
      return;
    case 'slow':
      state.slowBy = event.by;
      return;
    case 'share':
      changeShare(state, event.share, now, effects);
      return;
    case 'speaks':
      state.protoMin = event.min;
      state.protoMax = event.max;
      return;
    case 'origins':
      state.origins = event.allowed === null ? null : [...event.allowed];
      return;
    case 'closeAll':
      for (const key in state.conns)
        hangUp(state, Number(key), { code: event.code, reason: 'closed by the server' }, now, effects);
      return;
    case 'clock':
      state.clockAhead = event.ahead;
      for (const key in state.conns) {
        const conn = state.conns[key];
        if (conn?.stage === 'attached') watchToken(state, Number(key), conn, now, effects);
      }
  }
}

function shed(state: ServerState, id: ConnId, now: Instant, effects: Effects): void {
  if (state.conns[id]?.stage === 'attached') unavailable(state, id, 'overloaded', now, effects);
}
