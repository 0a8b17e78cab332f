/**
 * The outages of a storm as a fault. Whoever loses its connection hears of it by a reset, at once or when it notices. A server
 * that is gone for everybody is a process that died; where some keep their connection, the others find nobody who listens,
 * or a path that leads nowhere; and in a brown-out it lives, and admits at a share of its rate.
 */
import type { LinkEvent } from '../../../src/link/vocabulary.ts';
import type { Ratio } from '../../../src/machine.ts';
import { type Duration, type Instant, us, ZERO } from '../../../src/time.ts';
import { fault } from '../../core/definition.ts';
import type { AnyEvent, Node } from '../../core/kernel.ts';
import { whole } from '../../faults/parameter.ts';
import type { FaultPlan } from '../../faults/plan.ts';
import type { Scene } from '../../faults/scene.ts';
import { type Clients, NO_TIME } from '../storm/clients.ts';
import { type Luck, PURPOSE } from '../storm/luck.ts';
import type { Outage, Storm } from '../storm/storm.ts';
import { linkOf, SERVER } from './names.ts';

/** What an outage does to the books, and must know of the storm. */
export interface Stage {
  readonly storm: Storm;
  readonly clients: Clients;
  readonly luck: Luck;
  /** An outage begins, and takes so many connections; and is over. */
  begins(outage: number, lost: number): void;
  ends(outage: number): void;
}

/** The kind of fault of one storm, and its plan: outage number n is fault number n. */
export function outagesOf(stage: Stage, from: Instant): { readonly kind: Kind; readonly plan: FaultPlan } {
  const { outages } = stage.storm;
  return {
    kind: kindOf(stage),
    plan: outages.map(({ at }, outage) => ({
      kind: 'stormOutage',
      target: SERVER,
      at: (from + at) as Instant,
      outage,
    })),
  };
}

type Kind = ReturnType<typeof kindOf>;

const kindOf = (stage: Stage) =>
  fault({
    name: 'stormOutage',
    hits: 'server',
    about: 'server: takes nobody, or fewer, while clients lose their connections',
    parameters: { outage: whole('which outage of the storm', 0, 1_000_000) },
    draw: () => ({ target: SERVER, outage: 0 }),
    duration: ({ outage }) => stage.storm.outages[outage]?.lasts ?? ZERO,
    begin(scene, { outage }) {
      strike(scene, stage, outage);
      return 'lasts';
    },
    end(scene, { outage }) {
      heal(scene, stage, outage);
      stage.ends(outage);
    },
  });

const outageOf = ({ storm }: Stage, outage: number): Outage => storm.outages[outage] as Outage;

/** Whether the process itself is gone: nobody keeps a connection. */
const isWhole = ({ drops, remains }: Outage): boolean => remains.num === 0 && drops.num === drops.of;

const how = ({ dials }: Outage): 'process' | 'host' => (dials === 'refused' ? 'process' : 'host');

function strike(scene: Scene, stage: Stage, number: number): void {
  const outage = outageOf(stage, number);
  const { clients, storm } = stage;
  const lost: number[] = [];
  for (let client = 0; client < storm.clients; client++)
    if (clients.admittedAt[client] !== NO_TIME && isHit(stage, client, number, outage)) lost.push(client);
  stage.begins(number, lost.length);
  for (const client of lost) {
    clients.lose(client, outage.at, number);
    const noticed = us(clients.noticedAt(client) - outage.at);
    const link = scene.node(linkOf(client));
    if (noticed === 0) tell(scene, link, { type: 'resetAll' });
    else {
      tell(scene, link, { type: 'forgetEnd', end: 1 });
      scene.later(noticed, () => tell(scene, link, { type: 'resetAll' }));
    }
  }
  if (isWhole(outage)) scene.crash(scene.node(SERVER), how(outage));
  else if (outage.remains.num > 0) tellShare(scene, outage.remains);
  else for (const link of linksOut(scene, stage)) tell(scene, link, { type: 'endDown', end: 1, how: how(outage) });
}

function heal(scene: Scene, stage: Stage, number: number): void {
  const outage = outageOf(stage, number);
  if (isWhole(outage)) {
    scene.revive(scene.node(SERVER));
    return;
  }
  if (outage.remains.num === 0) for (const link of linksOut(scene, stage)) tell(scene, link, { type: 'endUp', end: 1 });
  tellShare(scene, { num: 1, of: 1 });
}

const tellShare = (scene: Scene, share: Ratio): void =>
  scene.tell(scene.node(SERVER), { type: 'share', share } as AnyEvent);

/** The links of all who have no connection. */
function linksOut(scene: Scene, { clients, storm }: Stage): Node[] {
  const out: Node[] = [];
  for (let client = 0; client < storm.clients; client++)
    if (clients.admittedAt[client] === NO_TIME) out.push(scene.node(linkOf(client)));
  return out;
}

/** Whether a client is among those who lose their connection, by the luck of both fidelities. */
function isHit({ luck }: Stage, client: number, outage: number, { drops }: Outage): boolean {
  return drops.num === drops.of || luck.draw(client, PURPOSE.drop, outage, 0) * drops.of < drops.num * 4294967296;
}

const tell = (scene: Scene, link: Node, event: LinkEvent): void => scene.universe.step(link, event);

/** From the first drop on, when the last outage is over. */
export const endOfOutages = ({ outages }: Storm): Duration =>
  us(outages.reduce((end, { at, lasts }) => Math.max(end, at + lasts), 0));
