/** Faults of the hosts that somebody's own code runs on: a clock that is wrong, and a loop that is late. */
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, ms, us } from '../../../src/time.ts';
import type { Dice } from '../../core/dice.ts';
import type { Node } from '../../core/kernel.ts';
import type { AnyKind, FaultBase, Kind, Menu } from '../../faults/kind.ts';
import { shift, time } from '../../faults/parameter.ts';
import type { Scene } from '../../faults/scene.ts';

/** The wall clock of a host jumps, and jumps back in the end; from the beginning of a run on, it is a clock that is wrong. */
interface ClockOff extends FaultBase {
  readonly kind: string;
  readonly lasts: Duration;
  readonly ahead: Duration;
}

/** Everything that a process hears comes late. */
interface Lag extends FaultBase {
  readonly kind: string;
  readonly lasts: Duration;
  readonly by: Duration;
}

/** What people find on phones and servers without NTP: a fraction of a second, a minute, an hour (summer time), a day. */
const OFF = [400, 5_000, 60_000, 3_600_000, 86_400_000] as const;
/** A long task of a page, or a busy loop of a server: from a frame to half a second. */
const LAGS = [5, 16, 50, 150, 500] as const;

type Part = 'client' | 'server';

const pick = (dice: Dice, menu: Menu, part: Part): NodeId =>
  part === 'client' ? dice.pick('plan/client', menu.clients) : dice.pick('plan/server', menu.servers);

/** A client's device has one clock for all tabs. */
const processesOf = (scene: Scene, id: NodeId, part: Part): readonly Node[] => {
  const node = scene.node(id);
  return part === 'client' ? scene.universe.wiring.processesBeside(node) : [node];
};

const clockOff = (part: Part): Kind<ClockOff> => ({
  hits: part,
  about: `${part}: its wall clock jumps, and jumps back in the end; timers do not`,
  parameters: {
    lasts: time('microseconds until it is right again'),
    ahead: shift('microseconds that it is ahead of the true time (negative: behind)'),
  },
  draw: (dice, menu, lasts) => ({
    target: pick(dice, menu, part),
    lasts,
    ahead: us(dice.pick('plan/clock', OFF) * 1000 * (dice.chance('plan/clock', 1, 2) ? 1 : -1)),
  }),
  duration: ({ lasts }) => lasts,
  begin(scene, { target, ahead }, number) {
    for (const node of processesOf(scene, target, part))
      scene.troubles.begin(node, 'clock', number, { type: 'clock', ahead });
    return 'lasts';
  },
  end(scene, { target }, number) {
    for (const node of processesOf(scene, target, part))
      scene.troubles.end(node, 'clock', number, { type: 'clock', ahead: 0 });
  },
});

const slowLoop = (part: Part): Kind<Lag> => ({
  hits: part,
  about: `${part}: its loop is busy: whatever it hears, and its timers, come late`,
  parameters: {
    lasts: time('microseconds until it is prompt again'),
    by: time('microseconds that something waits for its turn', 1),
  },
  draw: (dice, menu, lasts) => ({ target: pick(dice, menu, part), lasts, by: ms(dice.pick('plan/lag', LAGS)) }),
  duration: ({ lasts }) => lasts,
  begin(scene, fault) {
    scene.universe.pauses.lag(scene.node(fault.target), fault, fault.by);
    return 'lasts';
  },
  end: (scene, fault) => scene.universe.pauses.catchUp(scene.node(fault.target), fault),
});

export const HOST_KINDS: readonly AnyKind[] = [
  { name: 'clientClock', ...clockOff('client') },
  { name: 'serverClock', ...clockOff('server') },
  { name: 'slowClient', ...slowLoop('client') },
  { name: 'slowServer', ...slowLoop('server') },
];
