/**
 * The kernel: pops the earliest pending event, moves the clock to it, hands it over. Nothing else.
 *
 * It knows nodes (a name, a machine, a state, whether its process lives), named timers and pending events; it knows
 * nothing of connections, faults or laws. Time moves to each event, never past it; equal times keep the order of insertion,
 * unless the world wants its ties shuffled.
 */
import { counted } from '../../src/count.ts';
import { type Instant, START } from '../../src/time.ts';
import type { TimerEvent } from '../../src/transport.ts';
import type { Agenda } from './agenda.ts';
import { Alarm } from './alarm.ts';
import { type Budgets, usedUp } from './budgets.ts';
import { contextOf } from './context.ts';
import type { Dice } from './dice.ts';
import { Digest } from './digest.ts';
import { type EventSort, SORT, sortOf } from './event-sort.ts';
import { identify, type Spelling } from './identity.ts';
import { keepMemory, takeMemory } from './kept-memory.ts';
import type { AnyEvent, Handler, Node } from './node.ts';
import { pendingsIn } from './pendings.ts';
import type { Ties } from './ties.ts';
import { NO_TIMER, type Timer, type Timers } from './timers.ts';
import type { Trail } from './trail.ts';

export type { AnyEvent, Handler, Node } from './node.ts';

import type { NodeSpec } from './world.ts';

export class Kernel {
  now: Instant = START;
  /** Number of the event being handled, from 1. */
  event = 0;
  readonly digest = new Digest();
  readonly nodes: Node[] = [];
  readonly timers: Timers;
  readonly #dice: Dice;
  readonly #agenda: Agenda;
  #order = 0;
  /** The last event before time came to where it is. */
  #before = 0;
  /** Whose machine is taking a step; null between steps. */
  stepping: Node | null = null;

  // A pending event is a slot in these arrays; free slots form a stack. `#targets` is the node, or -1 for an action.
  readonly #targets: number[] = [];
  readonly #incarnations: number[] = [];
  readonly #sorts: EventSort[] = [];
  readonly #events: (AnyEvent | null)[] = [];
  readonly #timers: Timer[] = [];
  readonly #free: number[] = [];

  /** Why the run must stop, set from outside the kernel (a budget that it cannot see). */
  #halted: string | null = null;
  readonly alarm = new Alarm();
  /** It goes no further than this event: what it was for has been decided. */
  isDecided = false;
  readonly #spelling: Spelling | null;
  readonly #ties: Ties | null;
  /** What led to what, where somebody records it. */
  readonly trail: Trail | null;
  /** Nodes whose machines want to know when the life of a state is over. */
  readonly #lives = new Set<Node>();

  /** `spelling`: how the digest is told of what the protocol of the run says most. */
  constructor(dice: Dice, spelling: Spelling | null = null, trail: Trail | null = null, ties: Ties | null = null) {
    this.#spelling = spelling;
    this.#ties = ties;
    this.#dice = dice;
    this.trail = trail;
    ({ agenda: this.#agenda, timers: this.timers } = takeMemory());
  }

  add(spec: NodeSpec): Node {
    const { id, machine, config } = spec;
    if (machine.opaque === true && spec.durable === true)
      throw new Error(`${id}: its machine is opaque, so its state cannot be \`durable\`: nobody can write it to disk`);
    const node: Node = {
      id,
      index: this.nodes.length,
      spec,
      machine,
      config,
      state: machine.init(config),
      up: true,
      incarnation: 0,
      pause: null,
      context: contextOf(id, this.nodes.length, this.#dice),
      ends: null,
    };
    this.nodes.push(node);
    this.begin(node, node.state);
    return node;
  }

  /** A life of a node begins, in that state. */
  begin(node: Node, state: unknown): void {
    node.state = state;
    if (node.machine.dispose !== undefined) this.#lives.add(node);
  }

  /** That life is over; nothing happens when it was. */
  end(node: Node): void {
    if (this.#lives.delete(node)) node.machine.dispose?.(node.state);
  }

  /** All lives are over; what one of them throws keeps no other from its end. */
  endAll(): void {
    const [next] = this.#lives;
    if (next === undefined) return;
    try {
      this.end(next);
    } finally {
      this.endAll();
    }
  }

  /** Time of the next event, `Infinity` when there is none; some are then found to be no longer wanted. */
  get next(): number {
    return this.#agenda.peekAt();
  }

  /** All that is pending, in order: when, for whom, and what. What `isLeftOut` says is not among it. */
  pendings(isLeftOut: (event: AnyEvent) => boolean): readonly unknown[] {
    const whom = (slot: number): readonly unknown[] => [this.#targets[slot], this.#incarnations[slot]];
    const all = pendingsIn(this.#agenda, this.timers, this.nodes, this.#events, whom);
    return all.filter(({ what }) => !isLeftOut(what));
  }

  get pending(): number {
    return this.#agenda.size;
  }

  /** `event` reaches `node` at `at`, if the same life of its process is then still alive. */
  schedule(at: Instant, node: Node, event: AnyEvent, sort: EventSort = sortOf(event.type)): void {
    const slot = this.#slot(node.index, node.incarnation);
    this.#sorts[slot] = sort;
    this.#events[slot] = event;
    this.trail?.carries(slot);
    const when = at < this.now ? this.now : at;
    this.#agenda.push(when, this.#place(when, node.index, sort), slot);
  }

  /** The universe itself acts at `at`; what it returns takes that back (`cancel`) for as long as it did not happen. */
  plan(at: Instant, action: AnyEvent): number {
    const slot = this.#slot(-1, 0);
    this.#sorts[slot] = SORT.other;
    this.#events[slot] = action;
    this.trail?.plans(slot);
    const when = at < this.now ? this.now : at;
    this.#agenda.push(when, this.#place(when, -1, SORT.other), slot);
    return slot;
  }

  /** What was planned, and did not happen yet, never does; time does not stop for it. */
  cancel(planned: number): void {
    this.#events[planned] = null;
  }

  /** Where an event stands among those of its instant: behind all that were scheduled before, or where ties are shuffled to. */
  #place(at: Instant, target: number, sort: EventSort): number {
    const order = ++this.#order;
    return this.#ties === null ? order : order + this.#ties(at, target, sort);
  }

  setTimer(node: Node, name: string, key: number, at: Instant): void {
    const timer = this.timers.of(node.index, name, key);
    const deadline = at < this.now ? this.now : at;
    const order = this.#place(deadline, node.index, SORT.timer);
    this.trail?.sets(timer, node.ends !== null);
    if (!this.timers.arm(timer, deadline, order)) return;
    const slot = this.#slot(node.index, node.incarnation);
    this.#timers[slot] = timer;
    this.timers.queued(timer, slot);
    this.#agenda.push(deadline, order, slot);
  }

  clearTimer(node: Node, name: string, key: number): void {
    const timer = this.timers.find(node.index, name, key);
    if (timer !== NO_TIMER) this.timers.disarm(timer);
  }

  /** Runs until nothing is pending (`null`), or until a budget is exceeded: which one, and which timer was busiest. */
  run(handler: Handler, budgets: Budgets): string | null {
    for (;;) {
      if (!this.step(handler)) return null;
      const exceeded = this.exceeded(budgets);
      if (exceeded !== null) return exceeded;
    }
  }

  /** Handles the earliest event; false when nothing is pending. */
  step(handler: Handler): boolean {
    const agenda = this.#agenda;
    if (this.isDecided) return false;
    for (;;) {
      const slot = agenda.pop();
      if (slot < 0) return false;
      const at = agenda.at as Instant;
      const { timers } = this;
      const timer = this.#timers[slot] as Timer;
      if (timer === NO_TIMER) {
        if (this.#events[slot] === null) {
          this.#release(slot);
          continue;
        }
        this.#happen(slot, at, handler);
        return true;
      }
      const found = timers.due(timer, slot, at, agenda);
      if (found === 'later') continue;
      this.#release(slot);
      if (found === 'fire') {
        this.#advance(at, slot, timer);
        const node = this.nodes[timers.nodeOf(timer)] as Node;
        const name = timers.nameOf(timer);
        const event: TimerEvent = { type: 'timer', timer: name.name, key: timers.keyOf(timer) };
        identify(this.digest, at, node.index, event, SORT.timer, name.code, this.#spelling);
        handler.deliver(node, event, SORT.timer);
      }
      timers.tidy(timer);
      if (found === 'fire') return true;
    }
  }

  /** An event that is no timer's. */
  #happen(slot: number, at: Instant, handler: Handler): void {
    const target = this.#targets[slot] as number;
    const life = this.#incarnations[slot] as number;
    const event = this.#events[slot] as AnyEvent;
    const sort = this.#sorts[slot] as EventSort;
    this.#release(slot);
    this.#advance(at, slot, NO_TIMER);
    try {
      identify(this.digest, at, target, event, sort, 0, this.#spelling);
    } catch (error) {
      const whose = target < 0 ? 'the world' : (this.nodes[target] as Node).id;
      throw new Error(`\`${event.type}\` for ${whose}: ${(error as Error).message}`, { cause: error });
    }
    if (target < 0) {
      handler.act(event);
      return;
    }
    const node = this.nodes[target] as Node;
    if (node.up && node.incarnation === life) handler.deliver(node, event, sort);
    else handler.miss(node, event);
  }

  /** Which budget is used up, and which timer was busiest; null when none is. */
  exceeded(budgets: Budgets): string | null {
    const what = this.#halted ?? usedUp(budgets, this.event, this.now, this.pending, this.event - this.#before);
    return what === null ? null : this.#withBusiest(what);
  }

  /** The run is over, and nothing is asked of this kernel any more but what it counted: its agenda serves the next one. */
  close(): void {
    keepMemory({ agenda: this.#agenda, timers: this.timers });
  }

  /** Stops the run after the present event, with the name of the budget that it exceeded. */
  halt(what: string): void {
    this.#halted ??= what;
  }

  #advance(at: Instant, slot: number, timer: Timer): void {
    if (at > this.alarm.at) this.alarm.ring(this, at);
    if (at !== this.now) this.#before = this.event;
    this.now = at;
    this.event++;
    this.trail?.begins(slot, timer);
  }

  #withBusiest(what: string): string {
    const busiest = this.timers.busiest();
    return busiest === undefined
      ? what
      : `${what}; busiest timer: ${busiest.name} (fired ${counted(busiest.fired, 'time')})`;
  }

  #slot(target: number, life: number): number {
    const slot = this.#free.length > 0 ? (this.#free.pop() as number) : this.#newSlot();
    this.#targets[slot] = target;
    this.#incarnations[slot] = life;
    return slot;
  }

  #newSlot(): number {
    this.#targets.push(-1);
    this.#incarnations.push(0);
    this.#sorts.push(SORT.other);
    this.#timers.push(NO_TIMER);
    return this.#events.push(null) - 1;
  }

  #release(slot: number): void {
    this.#events[slot] = null;
    this.#timers[slot] = NO_TIMER;
    this.#free.push(slot);
  }
}
