/** Machines that do what a test says, joined by real links: c1 to lb, and lb to s1; each notes what it hears, and when. */
import { balancerConfig } from '../../sim/core/balanced.ts';
import { BUDGETS } from '../../sim/core/budgets.ts';
import { dice } from '../../sim/core/dice.ts';
import { type AnyEvent, Kernel, type Node } from '../../sim/core/kernel.ts';
import { stepInPlace } from '../../sim/core/record.ts';
import { Universe } from '../../sim/core/universe.ts';
import { Witness } from '../../sim/core/witness.ts';
import type { NodeSpec } from '../../sim/core/world.ts';
import { balancer } from '../../src/balancer/balancer.ts';
import type { Entry } from '../../src/history.ts';
import type { PathConfig } from '../../src/link/config.ts';
import { link } from '../../src/link/link.ts';
import type { Machine } from '../../src/machine.ts';
import { at as instant, ms } from '../../src/time.ts';
import type { TransportEffect, TransportEvent } from '../../src/transport.ts';
import { CLEAR } from './link.ts';

type Said = Readonly<Record<string, unknown>> & { readonly type: string };
type Answer = (event: TransportEvent) => readonly TransportEffect[];

export interface Stage {
  readonly universe: Universe;
  readonly node: (id: string) => Node;
  /** Does something at a time in milliseconds. */
  at(time: number, act: () => void): void;
  /** A machine has these effects, now. */
  does(id: string, ...effects: readonly TransportEffect[]): void;
  /** What it does about what it hears. */
  answers(id: string, answer: Answer): void;
  /** Runs to the end. */
  run(): void;
  /** What a machine heard, without what lies behind `type`, with the time in milliseconds: `100 opened`. */
  heard(id: string): readonly string[];
  events(id: string, type: string): readonly Said[];
  readonly entries: readonly Entry[];
}

/** `more`: what else the world says of a node; `path`: of the links, in both directions; `proxied`: lb is the real balancer. */
export function stage(more: Readonly<Record<string, Partial<NodeSpec>>> = {}, path = CLEAR, proxied = false): Stage {
  const kernel = new Kernel(dice('1'));
  const witness = new Witness();
  const entries: Entry[] = [];
  for (const kind of ['dialled', 'opened', 'lost', 'closed', 'refused'] as const)
    witness.listen(kind, (entry) => entries.push(entry as Entry));
  const acts: (() => void)[] = [];
  const universe: Universe = new Universe({
    ...{ kernel, witness, step: stepInPlace, serviceDelay: ms(1) },
    hooks: {
      application: () => undefined,
      exited: () => undefined,
      act: (action) => acts[(action as AnyEvent & { act: number }).act]?.(),
    },
  });
  const heard = new Map<string, { at: number; event: Said }[]>();
  const replies = new Map<string, Answer>();
  const add = (id: string): void => {
    heard.set(id, []);
    const machine: Machine<null, null, Said, Said> = {
      kind: 'test',
      init: () => null,
      step(_, event, { now }) {
        if (event.type === 'do') return event.effects as readonly Said[];
        heard.get(id)?.push({ at: now, event });
        return (replies.get(id)?.(event as unknown as TransportEvent) ?? []) as readonly Said[];
      },
    };
    universe.wiring.add({ id, role: 'test', machine: machine as NodeSpec['machine'], config: null, ...more[id] });
  };
  add('c1');
  add('s1');
  if (proxied) {
    const config = balancerConfig('lb', ['s1'], 10 * 65_536);
    universe.wiring.add({ id: 'lb', role: 'balancer', machine: balancer, config, ...more.lb });
  } else add('lb');
  const join = (from: string, to: string, up: PathConfig, down: PathConfig): unknown =>
    universe.wiring.addLink(link, { node: `${from}-${to}`, ends: [from, to], up, down, handshakeRoundTrips: 2 });
  join('c1', 'lb', path, path);
  join('lb', 's1', path, path);
  const node = (id: string): Node => universe.wiring.node(id);
  const act = (time: number, run: () => void): void =>
    void kernel.plan(instant(ms(time)), { type: 'act', act: acts.push(run) - 1 } as AnyEvent);
  return {
    universe,
    node,
    entries,
    at: act,
    does: (id, ...effects) => universe.step(node(id), { type: 'do', effects }),
    answers: (id, answer) => replies.set(id, answer),
    run: () => void kernel.run(universe, BUDGETS),
    heard: (id) => (heard.get(id) ?? []).map(({ at, event }) => `${at / 1000} ${event.type}`),
    events: (id, type) => (heard.get(id) ?? []).flatMap(({ event }) => (event.type === type ? [event] : [])),
  };
}
