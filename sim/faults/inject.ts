/**
 * Injection: carries a fault plan out on a universe. Each kind of fault is a way to begin and a way to end; overlapping
 * faults on one target are counted, so that the first to end does not lift the second.
 */
import type { BalancerConfig } from '../../src/balancer/config.ts';
import type { LinkConfig, PathConfig } from '../../src/link/config.ts';
import type { LinkEvent } from '../../src/link/vocabulary.ts';
import type { NodeId } from '../../src/machine.ts';
import type { ServerConfig } from '../../src/server/config.ts';
import { after, type Duration, type Instant, plus } from '../../src/time.ts';
import { CONNS_PER_NODE } from '../../src/transport.ts';
import type { AnyEvent, Node } from '../kernel.ts';
import type { Universe } from '../universe.ts';
import { endOf, type Fault, type FaultPlan } from './plan.ts';

type Action =
  | { readonly type: 'faultBegins'; readonly fault: number }
  | { readonly type: 'faultEnds'; readonly fault: number };

export class Injector {
  readonly #universe: Universe;
  readonly #plan: FaultPlan;
  readonly #healed: () => void;
  /** Cuts on a link and direction, crashes of a node, degradations of a link: how many are active. */
  readonly #active = new Map<string, number>();
  /** Drains that have begun, by server: the fault's number. */
  readonly #draining = new Map<NodeId, number>();
  #left: number;

  constructor(options: { universe: Universe; plan: FaultPlan; healed: () => void }) {
    this.#universe = options.universe;
    this.#plan = options.plan;
    this.#healed = options.healed;
    this.#left = options.plan.length;
  }

  /** Puts every fault on the agenda; a plan without faults is healed at once. */
  begin(): void {
    if (this.#left === 0) this.#healed();
    for (let i = 0; i < this.#plan.length; i++) {
      const begins: Action = { type: 'faultBegins', fault: i };
      this.#universe.kernel.plan((this.#plan[i] as Fault).at, begins);
    }
  }

  /** Handles an action if it is one of its own. */
  act(action: AnyEvent): boolean {
    const known = action as Action;
    if (known.type === 'faultBegins') this.#beginFault(known.fault);
    else if (known.type === 'faultEnds') this.#endFault(known.fault);
    else return false;
    return true;
  }

  /** A server's drain is over and its process ended: it comes back after the fault's time. */
  exited(node: Node): void {
    const fault = this.#draining.get(node.id);
    this.#universe.down(node, 'exit');
    this.#downAgent(node);
    if (fault === undefined) return;
    this.#raise(`down/${node.id}`);
    const drain = this.#plan[fault] as Fault & { kind: 'drain' };
    this.#later(drain.lasts, fault);
  }

  #later(delay: Duration, fault: number): void {
    const { kernel } = this.#universe;
    const ends: Action = { type: 'faultEnds', fault };
    kernel.plan(after(kernel.now, delay), ends);
  }

  #beginFault(number: number): void {
    const fault = this.#plan[number] as Fault;
    const universe = this.#universe;
    this.#note(number, fault, true);
    if (!universe.has(fault.target)) {
      this.#over(number, fault);
      return;
    }
    const target = universe.node(fault.target);
    switch (fault.kind) {
      case 'cut':
        this.#cut(target, fault.direction, true);
        break;
      case 'reset':
        universe.step(target, { type: 'resetAll' } satisfies LinkEvent);
        this.#over(number, fault);
        return;
      case 'rebind':
        universe.step(target, { type: 'forgetAll' } satisfies LinkEvent);
        this.#over(number, fault);
        return;
      case 'degrade': {
        this.#raise(`degrade/${target.id}`);
        const { up, down } = target.config as LinkConfig;
        universe.step(target, { type: 'degrade', up: worse(up, fault), down: worse(down, fault) } satisfies LinkEvent);
        break;
      }
      case 'offline':
        this.#cut(this.#accessOf(target), 'both', true);
        if (this.#raise(`offline/${target.id}`)) universe.intend(target, { type: 'offline' });
        break;
      case 'crash':
        this.#crash(target, fault.how);
        break;
      case 'drain':
        // A dead or already draining server cannot be drained: the fault is over before it began.
        if (!target.up || this.#draining.has(target.id)) {
          this.#over(number, fault);
          return;
        }
        this.#draining.set(target.id, number);
        universe.step(target, { type: 'drain', deadline: fault.deadline });
        return;
      case 'balancerCrash':
      case 'authDown':
        this.#crash(target, 'process');
        break;
      case 'storeCrash':
        if (target.up) universe.step(target, { type: 'crash', keep: fault.keep });
        this.#crash(target, 'process');
        break;
    }
    this.#later((endOf(fault) - fault.at) as Duration, number);
  }

  #endFault(number: number): void {
    const fault = this.#plan[number] as Fault;
    const universe = this.#universe;
    const target = universe.node(fault.target);
    switch (fault.kind) {
      case 'cut':
        this.#cut(target, fault.direction, false);
        break;
      case 'degrade':
        if (this.#lower(`degrade/${target.id}`)) universe.step(target, { type: 'restore' } satisfies LinkEvent);
        break;
      case 'offline':
        this.#cut(this.#accessOf(target), 'both', false);
        if (this.#lower(`offline/${target.id}`)) universe.intend(target, { type: 'online' });
        break;
      case 'drain':
        this.#draining.delete(target.id);
        this.#revive(target, target.machine.init(target.config));
        break;
      case 'balancerCrash': {
        // A new process cannot know how many connections the old one named; its names start where no old one can be.
        const config = target.config as BalancerConfig;
        const connBase = config.connBase + target.incarnation * CONNS_PER_NODE;
        this.#revive(target, target.machine.init({ ...config, connBase }));
        break;
      }
      case 'crash':
        this.#revive(target, target.machine.init(target.config));
        break;
      case 'storeCrash':
      case 'authDown':
        // Their state is on disk.
        this.#revive(target, target.state);
        break;
    }
    this.#over(number, fault);
  }

  #over(number: number, fault: Fault): void {
    this.#note(number, fault, false);
    if (--this.#left === 0) this.#healed();
  }

  #note(number: number, fault: Fault, begins: boolean): void {
    const { kernel, witness } = this.#universe;
    if (!witness.wants.fault) return;
    witness.write({
      at: kernel.now,
      node: fault.target,
      event: kernel.event,
      kind: 'fault',
      fault: number,
      name: fault.kind,
      begins,
    });
  }

  #cut(link: Node, direction: 'both' | 'up' | 'down', begins: boolean): void {
    for (const way of direction === 'both' ? (['up', 'down'] as const) : [direction]) {
      const key = `cut/${link.id}/${way}`;
      if (begins ? this.#raise(key) : this.#lower(key))
        this.#universe.step(link, { type: begins ? 'cut' : 'heal', direction: way } satisfies LinkEvent);
    }
  }

  #crash(node: Node, how: 'process' | 'host'): void {
    this.#raise(`down/${node.id}`);
    // A crash in the middle of a drain ends the drain: the process will not exit by itself any more.
    const drain = this.#draining.get(node.id);
    if (drain !== undefined && node.up) {
      this.#draining.delete(node.id);
      this.#over(drain, this.#plan[drain] as Fault);
    }
    this.#universe.down(node, how);
    this.#downAgent(node);
  }

  #downAgent(node: Node): void {
    if (node.machine.kind !== 'server') return;
    this.#universe.down(this.#universe.node((node.config as ServerConfig).agent), 'process');
  }

  #revive(node: Node, state: unknown): void {
    if (!this.#lower(`down/${node.id}`)) return;
    if (node.machine.kind === 'server') {
      const agent = this.#universe.node((node.config as ServerConfig).agent);
      this.#universe.up(agent, agent.machine.init(agent.config));
    }
    this.#universe.up(node, state);
  }

  #accessOf(client: Node): Node {
    return this.#universe.access(client);
  }

  /** True when the count leaves zero. */
  #raise(key: string): boolean {
    const count = (this.#active.get(key) ?? 0) + 1;
    this.#active.set(key, count);
    return count === 1;
  }

  /** True when the count comes back to zero. */
  #lower(key: string): boolean {
    const count = (this.#active.get(key) ?? 0) - 1;
    this.#active.set(key, count);
    return count === 0;
  }
}

/** A path under a degradation: more delay, more loss, less rate. */
function worse(path: PathConfig, fault: Fault & { kind: 'degrade' }): PathConfig {
  const { num, of } = path.loss;
  return {
    ...path,
    delay: plus(path.delay, fault.delay),
    rate: path.rate === 0 ? 0 : Math.max(1_000, Math.trunc(path.rate / fault.slower)),
    // Either loss: p + q - pq, as a ratio of integers.
    loss: { num: num * 1000 + fault.loss * of - num * fault.loss, of: of * 1000 },
  };
}

/** When the last fault of a plan is over, if nothing delays it. */
export const planEnds = (plan: FaultPlan): Instant =>
  plan.reduce((latest, fault) => (endOf(fault) > latest ? endOf(fault) : latest), 0 as Instant);
