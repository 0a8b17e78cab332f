/** Injection: carries a fault plan out on a universe, and says when the last fault is over. */
import type { NodeId } from '../../src/machine.ts';
import { after, type Duration, formatDuration, type Instant, ms, ZERO } from '../../src/time.ts';
import type { AnyEvent, Node } from '../core/kernel.ts';
import type { PhaseName, PhaseWatch } from '../core/phases.ts';
import { blaming } from '../core/run-error.ts';
import { shown } from '../core/shown.ts';
import type { Universe } from '../core/universe.ts';
import { durationOf, type Faults, kindOf } from './catalogue.ts';
import type { AnyKind, Begun } from './kind.ts';
import { leavePage, loadPage } from './kinds/page.ts';
import type { Fault, FaultPlan } from './plan.ts';
import { Scene, type Stagehand } from './scene.ts';
import { Supervisor } from './supervisor.ts';

type Action =
  | { readonly type: 'faultBegins'; readonly fault: number; readonly early?: true }
  | { readonly type: 'faultEnds'; readonly fault: number }
  /** A fault in the middle of its life has more to do: `step` counts all of them. */
  | { readonly type: 'faultGoesOn'; readonly step: number };

/** A page is loaded from a cache at once, and from a slow network in some seconds; as the fault `reload` draws it. */
const LOADS = { least: ms(50), spread: ms(2_950) };

const BEGUN: readonly Begun[] = ['over', 'lasts', 'later'];

export class Injector {
  readonly #universe: Universe;
  readonly #plan: FaultPlan;
  readonly #faults: Faults;
  readonly #healed: () => void;
  readonly #isNeeded: () => boolean;
  readonly #scene: Scene;
  readonly #supervisor = new Supervisor();
  /** What faults in the middle of their lives have still to do. */
  readonly #steps: (() => void)[] = [];
  /** Who enters which phases; null where no fault waits for that. */
  readonly #phases: PhaseWatch | null;
  /** What was planned for the latest beginning of each fault. */
  readonly #latest: number[] = [];
  readonly #began: (Instant | null)[];
  #left: number;

  constructor(
    options: Pick<Stagehand, 'unloaded' | 'reloaded'> & {
      universe: Universe;
      plan: FaultPlan;
      faults: Faults;
      phases: PhaseWatch | null;
      healed: () => void;
      /** Whether anybody is still there who needs the processes. */
      isNeeded: () => boolean;
    },
  ) {
    this.#universe = options.universe;
    this.#plan = options.plan;
    this.#faults = options.faults;
    this.#healed = options.healed;
    this.#isNeeded = options.isNeeded;
    this.#scene = new Scene(options.universe, {
      abandon: (fault) => this.#over(fault),
      exited: (node) => this.exited(node),
      later: (delay, run) => this.#goOn(delay, run),
      unloaded: options.unloaded,
      reloaded: options.reloaded,
    });
    this.#phases = options.phases;
    this.#began = options.plan.map(() => null);
    this.#left = options.plan.length;
  }

  /** What faults that are over have left behind; null while one that began is not, for then it is in the middle of something. */
  remains(): readonly unknown[] | null {
    const begun = this.#began.filter((at) => at !== null).length;
    return this.#phases !== null || begun + this.#left > this.#plan.length ? null : this.#scene.remains();
  }

  /** When each fault began; null for one that has not. */
  get began(): readonly (Instant | null)[] {
    return this.#began;
  }

  /** Puts every fault on the agenda; a plan without faults is healed at once. */
  begin(): void {
    if (this.#left === 0) this.#healed();
    const { kernel } = this.#universe;
    for (let i = 0; i < this.#plan.length; i++) {
      const begins: Action = { type: 'faultBegins', fault: i };
      this.#latest.push(kernel.plan(this.#fault(i).at, begins));
    }
    for (const [number, { upon }] of this.#plan.entries())
      if (upon !== undefined && (this.#phases?.times(upon.node, upon.phase) ?? 0) >= upon.nth) this.#await(number);
  }

  /** A party of the run enters a phase: faults that wait for that begin a while after. */
  entered(node: NodeId, phase: PhaseName, nth: number): void {
    for (let i = 0; i < this.#plan.length; i++) {
      const { upon } = this.#fault(i);
      if (upon !== undefined && upon.nth === nth && upon.phase === phase && upon.node === node) this.#await(i);
    }
  }

  /** The moment of a fault has come: it begins a while after, unless its time comes first. */
  #await(fault: number): void {
    const { kernel } = this.#universe;
    const { upon, at } = this.#fault(fault);
    const begins = after(kernel.now, upon?.after ?? ZERO);
    if (this.#began[fault] !== null || begins >= at) return;
    const early: Action = { type: 'faultBegins', fault, early: true };
    kernel.plan(begins, early);
  }

  /** Handles an action if it is one of its own. */
  act(action: AnyEvent): boolean {
    const known = action as Action;
    if (known.type === 'faultBegins') this.#begin(known.fault, known.early === true);
    else if (known.type === 'faultEnds') this.#end(known.fault);
    else if (known.type === 'faultGoesOn') this.#steps[known.step]?.();
    else return false;
    return true;
  }

  /** A process ended by itself. If a fault waited for that (a drain), it comes back after the fault's time. */
  exited(node: Node): void {
    const fault = this.#scene.exited(node);
    this.#scene.crash(node, 'exit');
    if (fault !== undefined) this.#later(this.#fault(fault).lasts as Duration, fault);
    else this.#superviseEnd(node);
  }

  /** Nobody waited for its end: it is started again, if somebody does that and it did not end too often. */
  #superviseEnd(node: Node): void {
    const { supervised } = node.spec;
    if (supervised === undefined) return;
    const { kernel, witness } = this.#universe;
    this.#goOn(supervised.after, () => {
      // What nobody needs any more was stopped, and may be.
      if (!this.#isNeeded()) return;
      if (this.#supervisor.allows(node, supervised, kernel.now)) this.#scene.revive(node);
      else
        witness.on.noted?.write({
          at: kernel.now,
          node: node.id,
          event: kernel.event,
          kind: 'noted',
          text: `crash loop: it was started ${supervised.starts} times within ${formatDuration(supervised.within)}, and stays down`,
        });
    });
  }

  /** A page loads itself again, once its step is over; how long that takes is its luck. */
  reload(node: Node): void {
    const life = node.incarnation;
    this.#goOn(ZERO, () => {
      if (!node.up || node.incarnation !== life) return;
      leavePage(this.#scene, node, true);
      this.#goOn((LOADS.least + (node.context.random('load') % LOADS.spread)) as Duration, () =>
        loadPage(this.#scene, node),
      );
    });
  }

  #fault(number: number): Fault {
    return this.#plan[number] as Fault;
  }

  #later(delay: Duration, fault: number): void {
    const { kernel } = this.#universe;
    const ends: Action = { type: 'faultEnds', fault };
    kernel.plan(after(kernel.now, delay), ends);
  }

  #goOn(delay: Duration, run: () => void): void {
    const { kernel } = this.#universe;
    const goesOn: Action = { type: 'faultGoesOn', step: this.#steps.push(run) - 1 };
    kernel.plan(after(kernel.now, delay), goesOn);
  }

  #begin(number: number, early: boolean): void {
    const fault = this.#fault(number);
    const { kernel } = this.#universe;
    this.#began[number] = kernel.now;
    // It would begin a second time, and time would go on until then.
    if (early) kernel.cancel(this.#latest[number] as number);
    this.#note(number, true);
    const begun = this.#call(fault, (kind) => {
      const how = kind.begin(this.#scene, fault, number);
      if (!BEGUN.includes(how)) throw new Error(`\`begin\`: expected one of ${BEGUN.join(', ')}, got ${shown(how)}`);
      return how;
    });
    if (begun === 'over') this.#over(number);
    else if (begun === 'lasts') {
      this.#planSteps(fault);
      this.#later(durationOf(this.#faults, fault), number);
    }
  }

  /** A kind may be anybody's code; what it makes a machine do is that machine's. */
  #call<T>(fault: Fault, act: (kind: AnyKind) => T): T {
    const kind = kindOf(this.#faults, fault.kind);
    return blaming(`fault \`${fault.kind}\``, kind, () => act(kind));
  }

  /** What the kind does at fixed times of its life. */
  #planSteps(fault: Fault): void {
    const kind = kindOf(this.#faults, fault.kind);
    for (const [index, delay] of (kind.steps?.(fault) ?? []).entries())
      this.#goOn(delay, () => this.#call(fault, () => kind.step?.(this.#scene, fault, index)));
  }

  #end(number: number): void {
    const fault = this.#fault(number);
    this.#call(fault, (kind) => kind.end(this.#scene, fault, number));
    this.#over(number);
  }

  #over(number: number): void {
    this.#note(number, false);
    if (--this.#left === 0) this.#healed();
  }

  #note(number: number, begins: boolean): void {
    const { kernel, witness } = this.#universe;
    const { target, kind } = this.#fault(number);
    witness.on.fault?.write({
      at: kernel.now,
      node: target,
      event: kernel.event,
      kind: 'fault',
      fault: number,
      name: kind,
      begins,
    });
  }
}
