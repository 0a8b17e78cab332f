/** Faults that a user commits: a page is loaded again, or opened a second time. `target` is the client, for instance `c1`. */
import { type Duration, ms } from '../../../src/time.ts';
import type { Node } from '../../core/kernel.ts';
import type { FaultBase, Kinds } from '../kind.ts';
import { goodbye, remind } from '../page-life.ts';
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
      leavePage(scene, scene.node(target), stored);
      return 'lasts';
    },
    end: (scene, { target }) => loadPage(scene, scene.node(target)),
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

/** The page is gone; `stored`: what it stored is kept for the next one. */
export function leavePage(scene: Scene, client: Node, stored: boolean): void {
  goodbye(scene, client);
  const kept = client.up ? (client.spec.page?.persist(client.state) ?? null) : scene.stored.get(client.id);
  scene.stored.set(client.id, stored ? (kept ?? null) : null);
  scene.unload(client, stored);
}

/** A new page runs on what is kept for it. */
export function loadPage(scene: Scene, client: Node): void {
  const { now } = scene.universe.kernel;
  const state = (): unknown =>
    client.spec.page?.revive(scene.stored.get(client.id) ?? null, client.state, now) ?? scene.fresh(client);
  scene.load(client, state, scene.isActive(`offline/${client.id}`));
  remind(scene, client);
}

const tabName = (client: string, fault: number): string => `${client}~${fault + 2}`;

/** Another process of the same client, on the same device: all that happens to the network happens to both. */
function openTab(scene: Scene, first: Node, fault: number): Node | null {
  const { page } = first.spec;
  // Nobody opens a tab on a device that sleeps.
  if (page === undefined || !first.up || scene.isActive(`asleep/${first.id}`)) return null;
  const { kernel, wiring } = scene.universe;
  const opened = page.open(first.config, page.persist(first.state), fault, kernel.now);
  if (opened === null) return null;
  const tab = wiring.addProcess(tabName(first.id, fault), first, opened.config);
  kernel.end(tab);
  kernel.begin(tab, opened.state);
  return tab;
}
