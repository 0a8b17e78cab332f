/** Faults of the token service: `target` is `auth`. */
import { type Duration, ms } from '../../../src/time.ts';
import { death } from '../../faults/death.ts';
import type { FaultBase, Kinds } from '../../faults/kind.ts';
import { node, shift, time } from '../../faults/parameter.ts';
import { standing } from '../../faults/troubles.ts';

/** Nobody is answered. */
interface AuthDown extends FaultBase {
  readonly kind: 'authDown';
  readonly lasts: Duration;
}

/** No token lives longer than `ttl` from now on, and none from before longer than that from now. */
interface TokenExpiry extends FaultBase {
  readonly kind: 'tokenExpiry';
  readonly lasts: Duration;
  readonly ttl: Duration;
}

/** Every token of `client` issued so far is revoked, for good. */
interface TokenRevoked extends FaultBase {
  readonly kind: 'tokenRevoked';
  readonly client: string;
}

/** Its clock is off. */
interface ClockSkew extends FaultBase {
  readonly kind: 'clockSkew';
  readonly lasts: Duration;
  readonly ahead: number;
}

export type AuthFault = AuthDown | TokenExpiry | TokenRevoked | ClockSkew;

const over = time('microseconds until it is over');

/** Two hours: twice the usual life of a token, so that either sign has an effect. */
export const CLOCK_OFF_MAX = 7_200_000_000;

export const AUTH_KINDS: Kinds<AuthFault> = {
  authDown: {
    hits: 'auth',
    about: 'token service: answers nobody',
    parameters: { lasts: time('microseconds until it answers again') },
    draw: (_dice, _menu, lasts) => ({ target: 'auth', lasts }),
    ...death,
  },
  tokenExpiry: {
    hits: 'auth',
    about: 'token service: lives of tokens are cut short, so that they expire in the middle of a stream',
    parameters: {
      lasts: over,
      ttl: time('microseconds that a token lives, counted from now for those issued before', 1),
    },
    draw: (dice, _menu, lasts) => ({ target: 'auth', lasts, ttl: ms(dice.between('plan/ttl', 500, 8000)) }),
    ...standing<TokenExpiry>({ type: 'shorten', ttl: 0 }, ({ ttl }) => ({ type: 'shorten', ttl })),
  },
  tokenRevoked: {
    hits: 'auth',
    about: 'token service: revokes the tokens of one client; servers that admitted one end its connections',
    parameters: { client: node('whose tokens', 'client') },
    excuses: ['unauthorized'],
    draw: (dice, menu) => ({ target: 'auth', client: dice.pick('plan/client', menu.clients) }),
    duration: () => ms(0),
    begin(scene, { target, client }) {
      // Revocations are on disk: a dead service has noted it when it lives again.
      scene.universe.step(scene.node(target), { type: 'revoke', subject: client });
      return 'over';
    },
    end: () => undefined,
  },
  clockSkew: {
    hits: 'auth',
    about: 'token service: its clock is off, and with it what it calls expired and until when its tokens live',
    parameters: { lasts: over, ahead: shift('microseconds that it is ahead of the true time (negative: behind)') },
    draw: (dice, _menu, lasts) => ({
      target: 'auth',
      lasts,
      ahead: dice.between('plan/clock', -CLOCK_OFF_MAX, CLOCK_OFF_MAX),
    }),
    ...standing<ClockSkew>({ type: 'clock', ahead: 0 }, ({ ahead }) => ({ type: 'clock', ahead })),
  },
};
