/**
 * Node processes on real links: c1 and c2, a balancer if asked for, and s1. Each runs a program of `programs/`; what they
 * say on their consoles is noted, with the time in milliseconds.
 */
import { fileURLToPath } from 'node:url';
import { balancerConfig, balancerNode } from '../../sim/core/balanced.ts';
import { BUDGETS } from '../../sim/core/budgets.ts';
import { dice } from '../../sim/core/dice.ts';
import { type AnyEvent, Kernel, type Node } from '../../sim/core/kernel.ts';
import { stepInPlace } from '../../sim/core/record.ts';
import { Universe } from '../../sim/core/universe.ts';
import { Witness } from '../../sim/core/witness.ts';
import type { NodeSpec } from '../../sim/core/world.ts';
import { bundle } from '../../sim/realm/bundle.ts';
import { nodeProcess } from '../../sim/system/node-process.ts';
import { type ProcessConfig, processMachine } from '../../sim/system/process.ts';
import { link } from '../../src/link/link.ts';
import { at as instant, ms, us } from '../../src/time.ts';
import { CLEAR } from '../machines/link.ts';

export const program = (name: string): string => fileURLToPath(new URL(`./programs/${name}`, import.meta.url));

export interface Options {
  readonly server: string;
  readonly clients: readonly string[];
  readonly seed?: string;
  /** Milliseconds; whatever still happens then does not. */
  readonly until?: number;
  /** Milliseconds from one end to the other; default 50. */
  readonly delay?: number;
  /** Whether a balancer stands between. */
  readonly proxied?: boolean;
  /** What happens when, in milliseconds. */
  readonly acts?: readonly (readonly [number, (stage: Stage) => void])[];
}

export interface Stage {
  readonly universe: Universe;
  node(id: string): Node;
  /** Dies, and comes back after that many milliseconds. */
  crash(id: string, lasts: number): void;
  tell(id: string, event: AnyEvent): void;
}

/** What each process said, in order: `c1 20.5 opened`. */
export function play({
  server,
  clients,
  seed = '1',
  until = 60_000,
  delay = 50,
  proxied = false,
  acts = [],
}: Options): string[] {
  const kernel = new Kernel(dice(seed));
  const witness = new Witness();
  const lines: string[] = [];
  const note = (node: string, text: string): number =>
    lines.push(`${node} ${Math.round(kernel.now / 10) / 100} ${text}`);
  const planned: (() => void)[] = [];
  const universe: Universe = new Universe({
    ...{ kernel, witness, step: stepInPlace, serviceDelay: ms(1) },
    hooks: {
      application: () => undefined,
      exited(node) {
        note(node.id, 'exited');
        universe.down(node, 'exit');
      },
      act: (action) => planned[(action as AnyEvent & { act: number }).act]?.(),
    },
  });
  witness.listen('console', ({ node, level, text }) => note(node, level === 'log' ? text : `${level}: ${text}`));
  witness.listen('uncaught', ({ node, error, stack }) => note(node, `uncaught ${error}\n${stack}`));
  const specs: NodeSpec[] = clients.map((name, i) => spec(`c${i + 1}`, 'client', program(name)));
  const lb = { ...balancerNode(balancerConfig('lb', ['s1'], 10 * 65_536)), hosts: ['server'] };
  const s1 = { ...spec('s1', 'server', program(server)), ...(proxied ? {} : { hosts: ['server'] }) };
  for (const each of [...specs, ...(proxied ? [lb] : []), s1]) universe.wiring.add(each);
  const path = { ...CLEAR, delay: ms(delay) };
  const join = (from: string, to: string): unknown =>
    universe.wiring.addLink(link, {
      node: `${from}-${to}`,
      ends: [from, to],
      up: path,
      down: path,
      handshakeRoundTrips: 2,
    });
  for (const { id } of specs) join(id, proxied ? 'lb' : 's1');
  if (proxied) join('lb', 's1');
  const node = (id: string): Node => universe.wiring.node(id);
  const later = (time: number, run: () => void): void =>
    void kernel.plan(instant(us(Math.max(kernel.now, ms(time)))), {
      type: 'act',
      act: planned.push(run) - 1,
    } as AnyEvent);
  const stage: Stage = {
    universe,
    node,
    crash(id, lasts) {
      universe.down(node(id), 'process');
      later(kernel.now / 1000 + lasts, () => universe.up(node(id), node(id).spec.machine.init(node(id).spec.config)));
    },
    tell: (id, event) => universe.deliver(node(id), event),
  };
  for (const id of ['s1', ...(proxied ? ['lb'] : []), ...specs.map(({ id }) => id)])
    later(0, () => universe.step(node(id), { type: 'started' }));
  for (const [time, act] of acts) later(time, () => act(stage));
  later(until, () => kernel.halt('the time is over'));
  kernel.run(universe, BUDGETS);
  kernel.endAll();
  return lines;
}

function spec(id: string, role: string, file: string): NodeSpec {
  const config: ProcessConfig = { profile: 'node', module: bundle(file, 'node'), platform: nodeProcess, options: {} };
  return { id, role, machine: processMachine(role) as NodeSpec['machine'], config };
}
