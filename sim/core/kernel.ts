/**
 * The kernel: pops the earliest pending event, moves the clock to it, hands it over. Nothing else.
 *
 * It knows nodes (a name, a machine, a state, whether its process lives), named timers and pending events; it knows
 * nothing of connections, faults or laws. Time moves to each event, never past it; equal times keep the order of insertion.
 */
import { counted } from '../../src/count.ts';
import { Few } from '../../src/few.ts';
import type { Context, NodeId } from '../../src/machine.ts';
import { formatDuration, type Instant, START } from '../../src/time.ts';
import { CONNS_PER_NODE, type ConnId, type TimerEvent } from '../../src/transport.ts';
import { Agenda } from './agenda.ts';
import type { Budgets } from './budgets.ts';
import type { Dice, Stream } from './dice.ts';
import { Digest } from './digest.ts';
import { type EventSort, SORT, sortOf } from './event-sort.ts';
import { identify, type Spelling } from './identity.ts';
import type { Pause } from './pauses.ts';
import type { AnyMachine } from './record.ts';
import { NO_TIMER, type Timer, Timers } from './timers.ts';
import type { NodeSpec } from './world.ts';

/** A machine in its place. */
export interface Node {
  readonly id: NodeId;
  readonly index: number;
  /** What the world says of it: its part, its host, what survives its process. */
  readonly spec: NodeSpec;
  readonly machine: AnyMachine;
  readonly config: unknown;
  state: unknown;
  /** Whether the process lives; events for a dead one are lost. */
  up: boolean;
  /** Counts the lives of the process: what was meant for an earlier life is lost. */
  incarnation: number;
  /** What is held back of it while it is paused or slowed; null for a process that runs as usual. */
  pause: Pause | null;
  readonly context: { now: Instant; random(purpose: string): number; newConn(): ConnId };
  /** Of a link: the machines at its two ends. */
  ends: readonly [Node, Node] | null;
}

/** Something that happens to a machine; every vocabulary of `src` has `type`. */
export interface AnyEvent {
  readonly type: string;
}

/** What the kernel calls back. */
export interface Handler {
  /** An event reaches a living node. */
  deliver(node: Node, event: AnyEvent, sort: EventSort): void;
  /** An event's addressee is gone (dead, or born again since). */
  miss(node: Node, event: AnyEvent): void;
  /** A scheduled action of the universe itself (a fault begins, an application asks). */
  act(action: AnyEvent): void;
}

/** Memory of kernels that are closed: most runs are short, and new memory for each is a part of them that shows. */
const idle: { readonly agenda: Agenda; readonly timers: Timers }[] = [];
/** What ten thousand clients grew is not wiped for one. */
const KEPT_CAPACITY = 1024;

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

  // A pending event is a slot in these arrays; free slots form a stack. `#targets` is the node, or -1 for an action.
  readonly #targets: number[] = [];
  readonly #lives: number[] = [];
  readonly #sorts: EventSort[] = [];
  readonly #events: (AnyEvent | null)[] = [];
  readonly #timers: Timer[] = [];
  readonly #free: number[] = [];

  /** Why the run must stop, set from outside the kernel (a budget that it cannot see). */
  #halted: string | null = null;

  readonly #spelling: Spelling | null;

  /** `spelling`: how the digest is told of what the protocol of the run says most. */
  constructor(dice: Dice, spelling: Spelling | null = null) {
    this.#spelling = spelling;
    this.#dice = dice;
    const { agenda, timers } = idle.pop() ?? { agenda: new Agenda(), timers: new Timers() };
    this.#agenda = agenda;
    this.timers = timers;
  }

  add(spec: NodeSpec): Node {
    const { id, machine, config } = spec;
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
    return node;
  }

  get pending(): number {
    return this.#agenda.size;
  }

  /** `event` reaches `node` at `at`, if the same life of its process is then still alive. */
  schedule(at: Instant, node: Node, event: AnyEvent, sort: EventSort = sortOf(event.type)): void {
    const slot = this.#slot(node.index, node.incarnation);
    this.#sorts[slot] = sort;
    this.#events[slot] = event;
    this.#agenda.push(at < this.now ? this.now : at, ++this.#order, slot);
  }

  /** The universe itself acts at `at`. */
  plan(at: Instant, action: AnyEvent): void {
    const slot = this.#slot(-1, 0);
    this.#sorts[slot] = SORT.other;
    this.#events[slot] = action;
    this.#agenda.push(at < this.now ? this.now : at, ++this.#order, slot);
  }

  setTimer(node: Node, name: string, key: number, at: Instant): void {
    const timer = this.timers.of(node.index, name, key);
    const deadline = at < this.now ? this.now : at;
    const order = ++this.#order;
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
    const agenda = this.#agenda;
    const { timers } = this;
    for (;;) {
      const slot = agenda.pop();
      if (slot < 0) return null;
      const at = agenda.at as Instant;
      const timer = this.#timers[slot] as Timer;
      if (timer !== NO_TIMER) {
        const found = timers.due(timer, slot, at, agenda);
        if (found === 'later') continue;
        this.#release(slot);
        if (found === 'fire') {
          this.#advance(at);
          const node = this.nodes[timers.nodeOf(timer)] as Node;
          const { name, code } = timers.nameOf(timer);
          const event: TimerEvent = { type: 'timer', timer: name, key: timers.keyOf(timer) };
          identify(this.digest, at, node.index, event, SORT.timer, code, this.#spelling);
          handler.deliver(node, event, SORT.timer);
        }
        timers.tidy(timer);
        if (found === 'nothing') continue;
      } else {
        const target = this.#targets[slot] as number;
        const life = this.#lives[slot] as number;
        const event = this.#events[slot] as AnyEvent;
        const sort = this.#sorts[slot] as EventSort;
        this.#release(slot);
        this.#advance(at);
        identify(this.digest, at, target, event, sort, 0, this.#spelling);
        if (target < 0) handler.act(event);
        else {
          const node = this.nodes[target] as Node;
          if (node.up && node.incarnation === life) handler.deliver(node, event, sort);
          else handler.miss(node, event);
        }
      }
      if (this.#halted !== null) return this.#exceeded(this.#halted);
      if (this.event >= budgets.events) return this.#exceeded(counted(budgets.events, 'event'));
      if (this.now > budgets.time) return this.#exceeded(`${formatDuration(budgets.time)} of virtual time`);
      if (agenda.size > budgets.queue) return this.#exceeded(counted(budgets.queue, 'pending event'));
    }
  }

  /** The run is over, and nothing is asked of this kernel any more but what it counted: its agenda serves the next one. */
  close(): void {
    if (this.#agenda.capacity > KEPT_CAPACITY || this.timers.capacity > KEPT_CAPACITY) return;
    this.#agenda.clear();
    this.timers.reset();
    idle.push({ agenda: this.#agenda, timers: this.timers });
  }

  /** Stops the run after the present event, with the name of the budget that it exceeded. */
  halt(what: string): void {
    this.#halted ??= what;
  }

  #advance(at: Instant): void {
    this.now = at;
    this.event++;
  }

  #exceeded(what: string): string {
    const busiest = this.timers.busiest();
    return busiest === undefined
      ? what
      : `${what}; busiest timer: ${busiest.name} (fired ${counted(busiest.fired, 'time')})`;
  }

  #slot(target: number, life: number): number {
    const slot = this.#free.length > 0 ? (this.#free.pop() as number) : this.#newSlot();
    this.#targets[slot] = target;
    this.#lives[slot] = life;
    return slot;
  }

  #newSlot(): number {
    this.#targets.push(-1);
    this.#lives.push(0);
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

/** The context of one node: its streams are looked up by purpose once and kept. */
function contextOf(id: NodeId, index: number, dice: Dice): Context & { now: Instant } {
  const streams = new Few<string, Stream>();
  let conns = 0;
  return {
    now: START,
    random(purpose: string): number {
      let stream = streams.get(purpose);
      if (stream === undefined) {
        stream = dice.stream(`${id}/${purpose}`);
        streams.set(purpose, stream);
      }
      return stream();
    },
    newConn(): ConnId {
      if (conns === CONNS_PER_NODE)
        throw new Error(`${id} has dialled ${CONNS_PER_NODE} times, which is all that it has names for`);
      return (index + 1) * CONNS_PER_NODE + conns++;
    },
  };
}
