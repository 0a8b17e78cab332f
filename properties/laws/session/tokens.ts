/**
 * What a token is worth, as an outside witness knows it: whether it was given out, taken back, and when it is over.
 *
 * Nobody in the system knows the true time; a token is judged by two clocks, and is over as soon as one of them says so:
 * that of the service when it verified the token, and that of the host which serves the connection. With right clocks that
 * is at the expiry and the leeway at the latest. A clock that is behind by d says so d later. So, in true time, a token
 * ends at the latest at its expiry + the leeway + the smaller of how far the two clocks are behind; and one clock alone
 * that is wrong permits nothing more.
 */
import type { NodeId } from '../../../src/machine.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import type { Token } from '../../../src/session/wire/frames.ts';
import { type Duration, formatDuration } from '../../../src/time.ts';

export interface Tokens {
  readonly leeway: Duration;
  /** Who gives tokens out and verifies them. */
  service: NodeId;
  /** Tokens given out, by serial; and the serial up to which those of a subject were taken back, and when. */
  readonly issued: Map<number, Token>;
  readonly revoked: Map<string, { readonly serial: number; readonly at: number }[]>;
  /** Of each host whose clock was ever wrong: since when it was how far ahead. */
  readonly clocks: Map<NodeId, { readonly at: number; readonly ahead: number }[]>;
}

export const newTokens = (leeway: Duration): Tokens => ({
  leeway,
  service: '',
  issued: new Map(),
  revoked: new Map(),
  clocks: new Map(),
});

export function noteIssued(tokens: Tokens, { node, token }: EntryOf<'issued'>): void {
  tokens.service = node;
  tokens.issued.set(token.serial, token);
}

export function noteRevoked({ revoked }: Tokens, { subject, serial, at }: EntryOf<'revoked'>): void {
  const before = revoked.get(subject);
  if (before === undefined) revoked.set(subject, [{ serial, at }]);
  else before.push({ serial, at });
}

export function noteClock(
  { clocks }: Tokens,
  { node, at, ahead }: Pick<EntryOf<'clock'>, 'node' | 'at' | 'ahead'>,
): void {
  const before = clocks.get(node);
  if (before === undefined) clocks.set(node, [{ at, ahead }]);
  else before.push({ at, ahead });
}

/** The most that a host's clock was behind in a stretch of time, both ends included. */
export function mostBehind({ clocks }: Tokens, node: NodeId, from: number, to: number): number {
  const changes = clocks.get(node);
  if (changes === undefined) return 0;
  let most = 0;
  for (let i = 0; i < changes.length; i++) {
    const { at, ahead } = changes[i] as { at: number; ahead: number };
    const until = changes[i + 1]?.at ?? to;
    if (at <= to && until >= from && -ahead > most) most = -ahead;
  }
  return most;
}

/** What wrong clocks permit when a token that was shown at `from` is judged for a connection of `host` by `to`. */
export const graceOf = (tokens: Tokens, host: NodeId, from: number, to: number): number =>
  Math.min(mostBehind(tokens, tokens.service, from, to), mostBehind(tokens, host, from, to));

/** What is wrong with a token that was shown at that time; '' for a good one. */
export function faultOf({ issued, leeway, revoked }: Tokens, token: Token, shownAt: number, grace: number): string {
  const { subject, serial, expiresAt, signature } = token;
  const genuine = issued.get(serial);
  if (
    genuine === undefined ||
    genuine.subject !== subject ||
    genuine.expiresAt !== expiresAt ||
    genuine.signature !== signature
  )
    return 'was never given out';
  if (shownAt > expiresAt + leeway + grace) return `had expired ${formatDuration(shownAt - expiresAt)} earlier`;
  for (const { serial: upTo, at } of revoked.get(subject) ?? [])
    if (serial <= upTo && at < shownAt) return `had been revoked ${formatDuration(shownAt - at)} earlier`;
  return '';
}
