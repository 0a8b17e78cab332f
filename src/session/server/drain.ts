/** Draining: no new connections, a notice to each client at its own moment, and an end that is kept. */
import { CLOSE } from '../../close-codes.ts';
import { between, type Context } from '../../machine.ts';
import { after, type Duration, elapsed, type Instant, us } from '../../time.ts';
import type { ConnId } from '../../transport.ts';
import { exit, exitWhenDone, hangUp } from './ending.ts';
import { sendAway } from './intake.ts';
import { type Effects, type ServerState, setTimer, transmit } from './state.ts';

export function drain(state: ServerState, deadline: Duration, context: Context, effects: Effects): void {
  if (state.phase !== 'serving') return;
  state.phase = 'draining';
  state.drainEnds = after(context.now, deadline);
  effects.push(setTimer('drain', 0, state.drainEnds));
  // Spread, so that the clients do not all arrive at the other servers at one instant.
  for (const key in state.conns) {
    const wait = between(context.random('drain'), 0, Math.min(state.config.drainSpread, deadline));
    effects.push(setTimer('goaway', Number(key), after(context.now, us(wait))));
  }
  sendAway(state, effects);
  exitWhenDone(state, effects);
}

/** The timer `goaway`: the notice. One that is not admitted yet gets it with its WELCOME. */
export function notify(state: ServerState, id: ConnId, now: Instant, effects: Effects): void {
  const conn = state.conns[id];
  if (conn === undefined || conn.stage !== 'attached' || state.phase !== 'draining') return;
  const { drainSpread } = state.config;
  transmit(
    conn,
    id,
    { type: 'GOAWAY', deadline: elapsed(now, state.drainEnds), retryAfter: drainSpread, lastSend: conn.lastSend },
    now,
    effects,
  );
}

/** The timer `drain`: time is up, whoever is still here and whatever is not answered. */
export function closeAll(state: ServerState, now: Instant, effects: Effects): void {
  if (state.phase !== 'draining') return;
  for (const key in state.conns)
    hangUp(state, Number(key), { code: CLOSE.serviceRestart, reason: 'restart' }, now, effects);
  exit(state, effects);
}
