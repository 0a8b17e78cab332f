/**
 * What the application is told when a connection, or the way to one, fails and the client goes on by itself: once for
 * each failure, by the name of what an endpoint can know of it. Ends that the client chose itself are no failures.
 */
import { CLOSE } from '../../close-codes.ts';
import type { ApplicationError } from '../../errors.ts';
import type { Effects } from './state.ts';

/** What a handshake's status says of who refused it: nobody can take it for now, or its origin is not admitted. */
const REFUSALS: Readonly<Record<number, ApplicationError>> = { 503: 'unavailable', 403: 'origin_refused' };

/** A dial that ended before it was open. */
export function reportRefusal(status: number, effects: Effects): void {
  const error = REFUSALS[status] ?? 'refused';
  tell(error, status === 0 ? 'no connection' : `status ${status}`, effects);
}

/** An open connection that the other side ended, with a code after which the client reconnects. */
export function reportClose(code: number, reason: string, effects: Effects): void {
  tell(nameOf(code), reason === '' ? `closed with ${code}` : `closed with ${code}: ${reason}`, effects);
}

/** What took too long. */
export function reportTimeout(phase: 'token' | 'connecting' | 'handshaking', effects: Effects): void {
  if (phase === 'token') tell('token_timeout', 'no answer of the token service', effects);
  else if (phase === 'connecting') tell('connect_timeout', 'no connection', effects);
  else tell('hello_timeout', 'no WELCOME', effects);
}

/** The client gave an owner up: it was silent, or what it sent can't be right. */
export function reportDrop(why: 'silent' | 'gap' | 'version', effects: Effects): void {
  if (why === 'silent') tell('peer_silent', 'nothing heard for the dead-peer bound', effects);
  else tell('malformed', why === 'gap' ? 'a gap in a stream' : 'a version that was not offered', effects);
}

function nameOf(code: number): ApplicationError {
  switch (code) {
    case CLOSE.abnormal:
      return 'connection_lost';
    case CLOSE.goingAway:
    case CLOSE.serviceRestart:
      return 'server_restart';
    case CLOSE.tryAgainLater:
      return 'unavailable';
    case CLOSE.tokenExpired:
      return 'token_expired';
    default:
      return 'closed_by_server';
  }
}

function tell(error: ApplicationError, detail: string, effects: Effects): void {
  effects.push({ type: 'report', error, detail });
}
