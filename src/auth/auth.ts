/**
 * The token service: issues bearer tokens and says what one is worth. It keeps no session: a token carries its own proof,
 * and only revocations are remembered.
 */
import type { WorldEffect } from '../application.ts';
import type { Context, Machine } from '../machine.ts';
import { NOTHING } from '../machine.ts';
import type { MessageEvent, PostEffect } from '../services.ts';
import { after, at, type Instant } from '../time.ts';
import type { Token } from '../wire/frames.ts';
import type { AuthConfig } from './config.ts';

export type AuthEvent =
  | MessageEvent
  | { readonly type: 'started' }
  | { readonly type: 'revoke'; readonly subject: string };
export type AuthEffect = PostEffect | Extract<WorldEffect, { type: 'revoke' }>;

export interface AuthState {
  readonly config: AuthConfig;
  /** Serial of the token issued last. */
  serial: number;
  /** Tokens of a subject up to this serial are revoked. */
  revoked: Record<string, number>;
}

export const auth: Machine<AuthConfig, AuthState, AuthEvent, AuthEffect> = {
  kind: 'auth',
  init: (config) => ({ config, serial: 0, revoked: {} }),
  step(state: AuthState, event: AuthEvent, { now }: Context) {
    if (event.type === 'revoke') {
      state.revoked[`@${event.subject}`] = state.serial;
      return [{ type: 'revoke', subject: event.subject, serial: state.serial }];
    }
    if (event.type !== 'message') return NOTHING;
    const { message, from } = event;
    if (message.type === 'issue') {
      state.serial++;
      const expiresAt = after(now, state.config.tokenTtl);
      const signature = sign(message.subject, state.serial, expiresAt, state.config.secret);
      const token: Token = { subject: message.subject, serial: state.serial, expiresAt, signature };
      return [{ type: 'post', to: from, message: { type: 'issued', op: message.op, token } }];
    }
    if (message.type !== 'verify') return NOTHING;
    const { op, token, subject } = message;
    const verdict = judge(state, token, subject, now);
    return [{ type: 'post', to: from, message: { type: 'verified', op, verdict, expiresAt: at(token.expiresAt) } }];
  },
};

function judge(state: AuthState, token: Token, subject: string, now: Instant): 'ok' | 'expired' | 'revoked' | 'forged' {
  const { config } = state;
  if (token.subject !== subject) return 'forged';
  if (token.signature !== sign(token.subject, token.serial, token.expiresAt, config.secret)) return 'forged';
  if (token.serial <= (state.revoked[`@${subject}`] ?? 0)) return 'revoked';
  return now > after(token.expiresAt, config.leeway) ? 'expired' : 'ok';
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
