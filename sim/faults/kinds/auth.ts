/** Faults of the token service: `target` is `auth`. */
import type { Duration } from '../../../src/time.ts';
import type { FaultBase, Kinds } from '../kind.ts';

/** Nobody is answered. */
interface AuthDown extends FaultBase {
  readonly kind: 'authDown';
  readonly lasts: Duration;
}

export type AuthFault = AuthDown;

export const AUTH_KINDS: Kinds<AuthFault> = {
  authDown: {
    about: 'token service: answers nobody',
    parameters: { lasts: 'microseconds until it answers again' },
    draw: (_dice, _menu, lasts) => ({ target: 'auth', lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, { target }) {
      scene.crash(scene.node(target), 'process');
      return 'lasts';
    },
    end(scene, { target }) {
      const auth = scene.node(target);
      scene.revive(auth, auth.state);
    },
  },
};
