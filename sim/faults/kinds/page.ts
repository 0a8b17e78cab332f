/** Faults that a user commits: a page is loaded again, or opened a second time. `target` is the client, for instance `c1`. */
import type { ClientConfig } from '../../../src/client/config.ts';
import type { ClientState } from '../../../src/client/state.ts';
import { duplicate, revive, store } from '../../../src/client/storage.ts';
import { type Duration, ms } from '../../../src/time.ts';
import { CONNS_PER_NODE } from '../../../src/transport.ts';
import type { Node } from '../../kernel.ts';
import type { FaultBase, Kinds } from '../kind.ts';
import { time, yesOrNo } from '../parameter.ts';
import type { Scene } from '../scene.ts';

/** The page is loaded again, with what it stored or without. */
interface Reload extends FaultBase {
  readonly kind: 'reload';
  readonly lasts: Duration;
  readonly stored: boolean;
}

/** The page is opened in a second tab, with a copy of what the first one stored; later that tab is closed. */
interface SecondTab extends FaultBase {
  readonly kind: 'secondTab';
  readonly lasts: Duration;
}

export type PageFault = Reload | SecondTab;

export const PAGE_KINDS: Kinds<PageFault> = {
  reload: {
    hits: 'client',
    about: 'client: its page is loaded again, with the state that it stored or without',
    parameters: {
      lasts: time('microseconds until the new page runs'),
      stored: yesOrNo('true: it goes on with its session; false: it has forgotten everything'),
    },
    draw: (dice, menu) => ({
      target: dice.pick('plan/client', menu.clients),
      lasts: ms(dice.between('plan/load', 50, 3_000)),
      stored: dice.chance('plan/stored', 2, 3),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, stored }) {
      const client = scene.node(target);
      const kept = client.up ? store(client.state as ClientState) : scene.stored.get(target);
      scene.stored.set(target, stored ? (kept ?? null) : null);
      scene.unload(client, stored);
      return 'lasts';
    },
    end(scene, { target }) {
      const client = scene.node(target);
      const config = nextLife(scene, client);
      scene.load(client, revive(config, scene.stored.get(target) ?? null), scene.isActive(`offline/${target}`));
    },
  },
  secondTab: {
    hits: 'client',
    about: 'client: a second tab opens with a copy of the stored session and takes it over; later it is closed',
    parameters: { lasts: time('microseconds until the second tab is closed') },
    excuses: ['taken_over', 'session_expired', 'stream_gone'],
    draw: (dice, menu, lasts) => ({ target: dice.pick('plan/client', menu.clients), lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, { target }, number) {
      const first = scene.node(target);
      const tab = openTab(scene, first, number);
      if (tab === null) return 'over';
      if (scene.isActive(`offline/${target}`)) scene.universe.intend(tab, { type: 'offline' });
      scene.universe.intend(tab, { type: 'start' });
      return 'lasts';
    },
    end: (scene, { target }, number) => scene.universe.intend(scene.node(tabName(target, number)), { type: 'leave' }),
  },
};

/** A new page names its connections where no old one can be, and dials with numbers that no old one used. */
function nextLife(scene: Scene, client: Node): ClientConfig {
  const { config, dials } = client.state as ClientState;
  return { ...config, connBase: config.connBase + dials, dialsFrom: scene.universe.kernel.now };
}

const tabName = (client: string, fault: number): string => `${client}~${fault + 2}`;

/** Names of connections are shared out: the first tab has the lower half, each other one a share of the upper. */
const TAB_CONNS = 2_048;
const TABS_MOST = CONNS_PER_NODE / 2 / TAB_CONNS;

/** Another process of the same client, on the same device: all that happens to the network happens to both. */
function openTab(scene: Scene, first: Node, fault: number): Node | null {
  // Nobody opens a tab on a device that sleeps.
  if (!first.up || scene.isActive(`asleep/${first.id}`) || fault >= TABS_MOST) return null;
  const { universe } = scene;
  const config = first.config as ClientConfig;
  const own: ClientConfig = {
    ...config,
    connBase: config.connBase + CONNS_PER_NODE / 2 + fault * TAB_CONNS,
    dialsFrom: universe.kernel.now,
  };
  const tab = universe.wiring.addProcess(tabName(first.id, fault), first, own);
  tab.state = revive(own, duplicate(store(first.state as ClientState)));
  return tab;
}
