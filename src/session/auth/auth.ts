/**
 * The token service: issues bearer tokens and says what one is worth. It keeps no session: a token carries its own proof,
 * and only revocations are remembered, with the servers that have to hear of one.
 */
import { type Context, type Machine, NOTHING, type NodeId } from '../../machine.ts';
import type { MessageEvent, PostEffect } from '../../post.ts';
import { after, at, type Duration, elapsed, type Instant, START, ZERO } from '../../time.ts';
import type { WorldEffect } from '../application.ts';
import type { Message } from '../services.ts';
import type { Token } from '../wire/frames.ts';
import type { AuthConfig } from './config.ts';

export type AuthEvent =
  | MessageEvent<Message>
  | { readonly type: 'started' }
  /** Every token of the subject issued so far is worth nothing, and the servers that verified one hear of it. */
  | { readonly type: 'revoke'; readonly subject: string }
  /** Its clock is so far ahead of the true time (behind, when negative). */
  | { readonly type: 'clock'; readonly ahead: number }
  /** No token lives longer than `ttl` from now on; 0 restores what the configuration says. */
  | { readonly type: 'shorten'; readonly ttl: Duration };
export type AuthEffect = PostEffect<Message> | Extract<WorldEffect, { type: 'revoke' }>;

export interface AuthState {
  readonly config: AuthConfig;
  /** Serial of the token issued last. */
  serial: number;
  /** Tokens of a subject up to this serial are revoked. */
  revoked: Record<string, number>;
  /** Who verified a token of each subject. */
  verifiers: Record<string, NodeId[]>;
  clockAhead: number;
  /** The longest life of a token while lives are shortened (0: they are not). Up to this serial it counts from then on. */
  shortTtl: Duration;
  shortSince: Instant;
  shortSerial: number;
}

export const auth: Machine<AuthConfig, AuthState, AuthEvent, AuthEffect> = {
  kind: 'auth',
  init: (config) => ({
    config,
    serial: 0,
    revoked: {},
    verifiers: {},
    clockAhead: 0,
    shortTtl: ZERO,
    shortSince: START,
    shortSerial: 0,
  }),
  step(state: AuthState, event: AuthEvent, { now }: Context) {
    switch (event.type) {
      case 'message':
        return hear(state, event, (now + state.clockAhead) as Instant);
      case 'started':
        // A new process looks at its own clock, and grants what its configuration says.
        state.clockAhead = 0;
        state.shortTtl = ZERO;
        return NOTHING;
      case 'revoke':
        return revoke(state, event.subject);
      case 'clock':
        state.clockAhead = event.ahead;
        return NOTHING;
      case 'shorten':
        state.shortTtl = event.ttl;
        state.shortSince = at(now + state.clockAhead);
        state.shortSerial = state.serial;
        return NOTHING;
      default:
        return NOTHING;
    }
  },
};

/** `now` is what its own clock shows. */
function hear(state: AuthState, { from, message }: MessageEvent<Message>, now: Instant): readonly AuthEffect[] {
  const { config } = state;
  if (message.type === 'issue') {
    state.serial++;
    const { op, subject } = message;
    const ttl = state.shortTtl > 0 ? Math.min(state.shortTtl, config.tokenTtl) : config.tokenTtl;
    const expiresAt = at(Math.max(0, now + ttl));
    const signature = sign(subject, state.serial, expiresAt, config.secret);
    const token: Token = { subject, serial: state.serial, expiresAt, signature };
    return [{ type: 'post', to: from, message: { type: 'issued', op, token } }];
  }
  if (message.type !== 'verify') return NOTHING;
  const { op, token, subject } = message;
  const expiresAt = after(expiryOf(state, token), config.leeway);
  const verdict = judge(state, token, subject, now > expiresAt);
  if (verdict === 'ok') remember(state, subject, from);
  const lives = verdict === 'ok' ? elapsed(now, expiresAt) : ZERO;
  return [{ type: 'post', to: from, message: { type: 'verified', op, verdict, expiresAt, lives } }];
}

/** When a token expires: as it says, or earlier if it is from before lives were shortened. */
function expiryOf({ shortTtl, shortSince, shortSerial }: AuthState, { expiresAt, serial }: Token): Instant {
  const isShortened = shortTtl > 0 && serial <= shortSerial;
  return at(isShortened ? Math.min(expiresAt, after(shortSince, shortTtl)) : expiresAt);
}

function revoke(state: AuthState, subject: string): readonly AuthEffect[] {
  const { serial } = state;
  state.revoked[`@${subject}`] = serial;
  const told = (state.verifiers[`@${subject}`] ?? []).map(
    (to): AuthEffect => ({ type: 'post', to, message: { type: 'revoked', subject, serial } }),
  );
  return [{ type: 'revoke', subject, serial }, ...told];
}

function remember(state: AuthState, subject: string, server: NodeId): void {
  const verifiers = state.verifiers[`@${subject}`];
  if (verifiers === undefined) state.verifiers[`@${subject}`] = [server];
  else if (!verifiers.includes(server)) verifiers.push(server);
}

function judge(
  { config, revoked }: AuthState,
  token: Token,
  subject: string,
  isExpired: boolean,
): 'ok' | 'expired' | 'revoked' | 'forged' {
  if (token.subject !== subject) return 'forged';
  if (token.signature !== sign(token.subject, token.serial, token.expiresAt, config.secret)) return 'forged';
  if (token.serial <= (revoked[`@${subject}`] ?? 0)) return 'revoked';
  return isExpired ? 'expired' : 'ok';
}

/** A 32-bit keyed hash: enough to notice a forged token in a simulation, and nothing else. */
function sign(subject: string, serial: number, expiresAt: Instant, secret: number): number {
  let hash = secret ^ 0x811c9dc5;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193);
    hash ^= hash >>> 15;
  };
  for (let i = 0; i < subject.length; i++) mix(subject.charCodeAt(i));
  mix(serial);
  mix(expiresAt | 0);
  mix(Math.floor(expiresAt / 4294967296));
  mix(secret);
  return hash >>> 0;
}
