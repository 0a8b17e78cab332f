/** Faults of a client's device and its network: `target` is the client, for instance `c1`. */
import type { DeviceIntent } from '../../../src/boundary.ts';
import type { LinkEvent } from '../../../src/link/vocabulary.ts';
import { type Duration, ms } from '../../../src/time.ts';
import type { ConnId } from '../../../src/transport.ts';
import type { Node } from '../../core/kernel.ts';
import { NETWORKS, networkNamed } from '../../networks/presets.ts';
import type { FaultBase, Kinds } from '../kind.ts';
import { MOST_TIMES, oneOf, time, whole, yesOrNo } from '../parameter.ts';
import type { Scene } from '../scene.ts';

/** The operating system says offline, and the path is cut. */
interface Offline extends FaultBase {
  readonly kind: 'offline';
  readonly lasts: Duration;
}

/** The device moves to another network and back; each time every connection is dead, and nobody says so. */
interface AddressChange extends FaultBase {
  readonly kind: 'addressChange';
  readonly lasts: Duration;
  /** The other network, by the name of its preset. */
  readonly network: string;
  /** Whether the device tells the client; else it finds out by silence. */
  readonly told: boolean;
}

/** The client's next dials are ended on its own side before anybody could say WELCOME. */
interface CloseDuringConnect extends FaultBase {
  readonly kind: 'closeDuringConnect';
  readonly lasts: Duration;
  readonly dials: number;
  readonly after: Duration;
}

export type ClientFault = Offline | AddressChange | CloseDuringConnect;

/** Where people go: out of the house, into a train, home again. */
const ELSEWHERE = ['lte', '4g', '3g', 'wifi', 'cable'] as const;

export const CLIENT_KINDS: Kinds<ClientFault> = {
  offline: {
    hits: 'client',
    about: 'client: the device says offline and its link is cut',
    parameters: { lasts: time('microseconds until it is online again') },
    draw: (dice, menu, lasts) => ({ target: dice.pick('plan/client', menu.clients), lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, { target }) {
      const client = scene.node(target);
      scene.cut(scene.universe.wiring.access(client), 'both', true);
      if (scene.raise(`offline/${target}`)) tell(scene, client, { type: 'offline' });
      return 'lasts';
    },
    end(scene, { target }) {
      const client = scene.node(target);
      scene.cut(scene.universe.wiring.access(client), 'both', false);
      if (scene.lower(`offline/${target}`)) tell(scene, client, { type: 'online' });
    },
  },
  addressChange: {
    hits: 'client',
    about: 'client: moves to another network and later back; its connections die in silence each time',
    parameters: {
      lasts: time('microseconds until it is back'),
      network: oneOf(
        'the preset of the other network (hangup list networks)',
        NETWORKS.map(({ name }) => name),
      ),
      told: yesOrNo('true: the device tells the client of its new address; false: it finds out by silence'),
    },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/client', menu.clients),
      lasts,
      network: dice.pick('plan/network', ELSEWHERE),
      told: dice.chance('plan/told', 1, 2),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, fault) {
      const link = scene.universe.wiring.access(scene.node(fault.target));
      const { up, down } = networkNamed(fault.network);
      scene.raise(`degrade/${link.id}`);
      scene.universe.step(link, { type: 'degrade', up, down } satisfies LinkEvent);
      move(scene, fault);
      return 'lasts';
    },
    end(scene, fault) {
      const link = scene.universe.wiring.access(scene.node(fault.target));
      if (scene.lower(`degrade/${link.id}`)) scene.universe.step(link, { type: 'restore' } satisfies LinkEvent);
      move(scene, fault);
    },
  },
  closeDuringConnect: {
    hits: 'client',
    about: 'client: its side closes connections while they are being opened',
    parameters: {
      lasts: time('microseconds in which dials are watched for'),
      dials: whole('how many of them are closed (1 to 1000)', 1, MOST_TIMES),
      after: time('microseconds from the dial to the close'),
    },
    draw: (dice, menu, lasts) => ({
      target: dice.pick('plan/client', menu.clients),
      lasts,
      dials: dice.between('plan/dials', 1, 3),
      after: ms(dice.between('plan/after', 0, 400)),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, dials, after }, number) {
      let left = dials;
      const link = scene.universe.wiring.access(scene.node(target));
      const close = (conn: ConnId): void =>
        scene.universe.step(link, { type: 'terminate', end: 0, conn, how: 'rst' } satisfies LinkEvent);
      scene.watchDials(number, target, (conn) => {
        if (left-- > 0) scene.later(after, () => close(conn));
      });
      return 'lasts';
    },
    end: (scene, _fault, number) => scene.unwatchDials(number),
  },
};

/** Every path that was is gone, and the client hears of it if the device is kind. */
function move(scene: Scene, { target, told }: AddressChange): void {
  const client = scene.node(target);
  scene.universe.step(scene.universe.wiring.access(client), { type: 'forgetAll' } satisfies LinkEvent);
  if (told) tell(scene, client, { type: 'moved' });
}

/** A device tells every tab. */
function tell(scene: Scene, client: Node, intent: DeviceIntent): void {
  for (const tab of scene.universe.wiring.processesBeside(client)) scene.universe.intend(tab, intent);
}
