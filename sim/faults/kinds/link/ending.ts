/** Faults that end connections, loudly or silently, while the path itself goes on working. */
import type { LinkEvent } from '../../../../src/link/vocabulary.ts';
import type { NodeId } from '../../../../src/machine.ts';
import { ZERO } from '../../../../src/time.ts';
import type { Dice } from '../../../core/dice.ts';
import type { FaultBase, Kinds, Menu } from '../../kind.ts';
import { oneOf, whole } from '../../parameter.ts';
import type { Scene } from '../../scene.ts';

/** Every connection on the link is reset. */
interface Reset extends FaultBase {
  readonly kind: 'reset';
}

/** The path forgets every connection: half-open on both sides. */
interface Rebind extends FaultBase {
  readonly kind: 'rebind';
}

/** One end loses every connection; the other is not told. */
interface HalfOpen extends FaultBase {
  readonly kind: 'halfOpen';
  readonly end: 'near' | 'far';
}

/** Something on the way closes every connection in good order. */
interface CleanClose extends FaultBase {
  readonly kind: 'cleanClose';
}

/** The same, with a code. */
interface CloseCode extends FaultBase {
  readonly kind: 'closeCode';
  readonly code: number;
}

export type EndFault = Reset | Rebind | HalfOpen | CleanClose | CloseCode;

/** A fault without duration: one event for the link. */
function strike(scene: Scene, target: NodeId, event: LinkEvent): 'over' {
  scene.universe.step(scene.node(target), event);
  return 'over';
}

const anyLink = (dice: Dice, menu: Menu): NodeId => dice.pick('plan/link', menu.links);

/**
 * Codes that invite the client back. Those that forbid it, and 1000, by which a client says that it leaves for good, can
 * be written into a plan by hand.
 */
const INVITING = [1001, 1011, 1012, 1013] as const;

export const END_KINDS: Kinds<EndFault> = {
  reset: {
    hits: 'link',
    about: 'link: every connection is reset (RST to both ends)',
    parameters: {},
    draw: (dice, menu) => ({ target: anyLink(dice, menu) }),
    duration: () => ZERO,
    begin: (scene, { target }) => strike(scene, target, { type: 'resetAll' }),
    end() {},
  },
  rebind: {
    hits: 'link',
    about: 'link: a middlebox forgets every connection; both ends go on believing (NAT rebind)',
    parameters: {},
    draw: (dice, menu) => ({ target: anyLink(dice, menu) }),
    duration: () => ZERO,
    begin: (scene, { target }) => strike(scene, target, { type: 'forgetAll' }),
    end() {},
  },
  halfOpen: {
    hits: 'link',
    about: 'link: one end loses every connection; the other believes in it until it says something',
    parameters: { end: oneOf('near (the dialler) or far: who loses it', ['near', 'far']) },
    draw: (dice, menu) => ({
      target: anyLink(dice, menu),
      end: dice.pick('plan/half-open', ['near', 'far'] as const),
    }),
    duration: () => ZERO,
    begin: (scene, { target, end }) => strike(scene, target, { type: 'forgetEnd', end: end === 'near' ? 0 : 1 }),
    end() {},
  },
  cleanClose: {
    hits: 'link',
    about: 'link: something on the way closes every connection in good order (1001 to both ends)',
    parameters: {},
    draw: (dice, menu) => ({ target: anyLink(dice, menu) }),
    duration: () => ZERO,
    begin: (scene, { target }) => strike(scene, target, { type: 'closeAll', code: 1001, reason: 'going away' }),
    end() {},
  },
  closeCode: {
    hits: 'link',
    about: 'link: something on the way closes every connection with a code',
    parameters: { code: whole('close code that both ends hear (1000 to 4999)', 1000, 4999) },
    draw: (dice, menu) => ({ target: anyLink(dice, menu), code: dice.pick('plan/close-code', INVITING) }),
    duration: () => ZERO,
    begin: (scene, { target, code }) => strike(scene, target, { type: 'closeAll', code, reason: 'closed on the way' }),
    end() {},
  },
};
