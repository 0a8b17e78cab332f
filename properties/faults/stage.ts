/** A small world for the scene of faults: machines that do nothing, and a list of what each of them hears. */
import { dice } from '../../sim/core/dice.ts';
import { Kernel, type Node } from '../../sim/core/kernel.ts';
import type { AnyMachine } from '../../sim/core/record.ts';
import { Universe } from '../../sim/core/universe.ts';
import { Scene } from '../../sim/faults/scene.ts';
import { sessionWitness } from '../../sim/session/observe.ts';
import type { LinkConfig } from '../../src/link/config.ts';
import { ZERO } from '../../src/time.ts';

/** What an event is called here: its type, and the direction or the size if it has one. */
const nameOf = (event: unknown): string => {
  const { type, direction, by } = event as { type: string; direction?: string; by?: string };
  return [type, direction, by].filter((word) => word !== undefined).join(' ');
};

/** One client, one server with its agent, balancer, store and token service; a link from the client. */
export function staged() {
  let log: string[] = [];
  const abandoned: number[] = [];
  const pages: string[] = [];
  const witness = sessionWitness();
  const universe = new Universe({
    kernel: new Kernel(dice('1')),
    witness,
    step: (node, event) => {
      log.push(`${(node as Node).id}: ${nameOf(event)}`);
      return [];
    },
    hooks: { application: () => undefined, exited: () => undefined, act: () => undefined },
    serviceDelay: ZERO,
  });
  const machine = (kind: string): AnyMachine => ({ kind, init: () => ({ conns: {} }) }) as unknown as AnyMachine;
  const { wiring } = universe;
  const add = (role: string, id = role, host = id): Node =>
    wiring.add({ id, role, host, machine: machine(role), config: {} });
  const client = add('client', 'c1');
  const server = add('server', 's1');
  const agent = add('agent', 'agent1', 's1');
  add('balancer', 'lb');
  add('store');
  add('auth');
  const path = { delay: ZERO, rate: 0, loss: { num: 0, of: 1 } };
  const link = wiring.addLink(machine('link'), {
    node: 'c1-lb',
    ends: ['c1', 'lb'],
    up: path,
    down: path,
  } as unknown as LinkConfig);
  const scene = new Scene(universe, {
    abandon: (fault) => abandoned.push(fault),
    exited: () => undefined,
    later: () => undefined,
    unloaded: (node, kept) => pages.push(`${node.id} gone ${kept}`),
    reloaded: (node) => pages.push(`${node.id} back`),
  });
  /** Who heard what since it was asked last. */
  const heard = (): string[] => {
    const heard = log;
    log = [];
    return heard;
  };
  const revive = (node: Node): void => scene.revive(node);
  return { scene, universe, witness, client, server, agent, link, heard, revive, abandoned, pages };
}
