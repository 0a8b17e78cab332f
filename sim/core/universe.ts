/**
 * The universe: pops an event, steps a machine, turns effects into events. That is all it does.
 *
 * It wires machines of `src` to each other: endpoints to links, services to services, applications to clients, and writes
 * history at every boundary that is crossed. It decides nothing: what a network does is in the link, what a fault does is
 * in `faults/`, what an application wants is in whatever stands behind its client.
 */
import type { BoundaryEffect, ExitEffect, ReloadEffect } from '../../src/boundary.ts';
import type { End, LinkEffect, LinkEvent } from '../../src/link/vocabulary.ts';
import type { NodeId } from '../../src/machine.ts';
import type { BesideEffect, PostEffect } from '../../src/post.ts';
import type { Duration, Instant } from '../../src/time.ts';
import type { TimerEffect, TransportEffect, TransportEvent } from '../../src/transport.ts';
import { type EventSort, SORT, sortOf } from './event-sort.ts';
import type { AnyEvent, Handler, Kernel, Node } from './kernel.ts';
import { Middleboxes } from './middleboxes.ts';
import { seeCustom, seeEvent, seeLoss, seeWait } from './observe.ts';
import { Pauses } from './pauses.ts';
import { Posts, tellBeside } from './posts.ts';
import type { Stepper } from './record.ts';
import { checkBinary } from './socket-use.ts';
import {
  type Brought,
  type Control,
  dial,
  type Ended,
  endOfStream,
  isHeard,
  isTooLate,
  leave,
  listen,
  onSocket,
} from './sockets.ts';
import { Wiring } from './wiring.ts';
import type { Witness } from './witness.ts';
import type { AnyIntent } from './world.ts';

/** Effects that the universe carries out itself; all others are said to an application, or to the world outside. */
type Effect =
  | TransportEffect
  | TimerEffect
  | PostEffect
  | BesideEffect
  | BoundaryEffect
  | LinkEffect
  | ExitEffect
  | ReloadEffect;

/** What the universe calls for decisions that are not its own. */
export interface Hooks {
  /** An application effect of a client, after it was written to history. */
  application(client: Node, effect: AnyEvent): void;
  /** A process ended by itself. */
  exited(node: Node): void;
  /** A page wants to be loaded again; it is in the middle of a step. */
  reload?(node: Node): void;
  act(action: AnyEvent): void;
}

export class Universe implements Handler {
  readonly kernel: Kernel;
  readonly witness: Witness;
  readonly wiring: Wiring;
  readonly pauses = new Pauses(this);
  readonly middleboxes = new Middleboxes(this);
  readonly #step: Stepper;
  readonly #hooks: Hooks;
  readonly #posts: Posts;
  /** Steps within steps (an endpoint's send steps its link), and intents that wait for the outermost to end. */
  #depth = 0;
  readonly #intents: (() => void)[] = [];

  constructor(options: {
    kernel: Kernel;
    witness: Witness;
    step: Stepper;
    hooks: Hooks;
    serviceDelay: Duration;
    serviceSpread?: Duration;
  }) {
    this.kernel = options.kernel;
    this.wiring = new Wiring(options.kernel);
    this.witness = options.witness;
    this.#step = options.step;
    this.#hooks = options.hooks;
    this.#posts = new Posts(options.serviceDelay, options.serviceSpread);
  }

  // ---- events -----------------------------------------------------------------------------------------------------

  deliver(node: Node, event: AnyEvent, sort: EventSort = sortOf(event.type)): void {
    if (!this.middleboxes.stand || !this.middleboxes.takes(node, event, sort)) this.reach(node, event, sort);
  }

  /** An event is at its node, past whatever stands in front of it. */
  reach(node: Node, event: AnyEvent, sort: EventSort): void {
    // A browser answers for its page, also while that is frozen, and tells it nothing.
    if (sort === SORT.control && node.spec.page !== undefined) isHeard(this, node, event as Control);
    else if (node.pause === null || !this.pauses.keeps(node, event)) this.hand(node, event, sort);
  }

  /** A process that runs takes an event. */
  hand(node: Node, event: AnyEvent, sort: EventSort = sortOf(event.type)): void {
    if (sort === SORT.ended) {
      const heard = endOfStream(this, node, event as Ended);
      if (heard === event) this.step(node, heard);
      else if (heard !== null) this.hand(node, heard);
      return;
    }
    if ((sort === SORT.frame || sort === SORT.closed) && isTooLate(this, node, event as Brought)) return;
    if (sort === SORT.control && !isHeard(this, node, event as Control)) return;
    seeEvent(this.witness, this.kernel, node, event, sort);
    this.step(node, event);
  }

  miss(node: Node, event: AnyEvent): void {
    const lost = event as TransportEvent;
    if (lost.type !== 'frame') return;
    const { conn, payload, bytes } = lost;
    seeLoss(this.witness, this.kernel, node, node, { conn, payload, bytes, why: `${node.id} is gone` });
  }

  act(action: AnyEvent): void {
    if (!this.pauses.act(action)) this.#hooks.act(action);
  }

  /** Takes one step of `node` now and carries out its effects; what applications answer to them comes after. */
  step(node: Node, event: unknown): void {
    this.#depth++;
    node.context.now = this.kernel.now;
    this.kernel.stepping = node;
    const effects = this.#step(node, event, node.context) as readonly Effect[];
    this.kernel.stepping = null;
    for (let i = 0; i < effects.length; i++) this.#carryOut(node, effects[i] as Effect);
    this.#depth--;
    while (this.#depth === 0 && this.#intents.length > 0) this.#intents.shift()?.();
  }

  /** What the application, the browser or the operating system tells a client: now, or as soon as this step is done. */
  intend(client: Node, intent: AnyIntent): void {
    if (this.#depth > 0) this.#intents.push(() => this.intend(client, intent));
    else
      this.pauses.inside(client, () => {
        this.witness.observer.intent(this.witness, this.kernel, client, intent);
        this.step(client, intent);
      });
  }

  // ---- lives of processes -----------------------------------------------------------------------------------------

  /** The process of `node` is gone; its peers' connections end as the link says (`exit` looks like a dying process). */
  down(node: Node, how: 'process' | 'host' | 'exit'): void {
    if (!node.up) return;
    node.up = false;
    node.incarnation++;
    this.kernel.timers.clear(node.index);
    this.pauses.died(node);
    this.kernel.end(node);
    this.witness.on.crashed?.write({ ...this.#here(node), kind: 'crashed', how });
    for (const { link, end } of this.wiring.linksOf(node))
      if (end === 0 && this.wiring.isShared(link)) leave(this, link, node);
      else this.step(link, { type: 'endDown', end, how: how === 'host' ? 'host' : 'process' } satisfies LinkEvent);
  }

  /** A new process starts from `state` (its machine's initial one, or what survived on disk); `before` its first step. */
  up(node: Node, state: unknown, before?: () => void): void {
    if (node.up) return;
    node.up = true;
    this.kernel.begin(node, state);
    this.witness.on.restarted?.write({ ...this.#here(node), kind: 'restarted' });
    for (const { link, end } of this.wiring.linksOf(node)) this.step(link, { type: 'endUp', end } satisfies LinkEvent);
    before?.();
    this.step(node, { type: 'started' });
    this.pauses.born(node);
  }

  // ---- effects ----------------------------------------------------------------------------------------------------

  #carryOut(node: Node, effect: Effect): void {
    const kernel = this.kernel;
    switch (effect.type) {
      case 'arrive':
        kernel.schedule(effect.at, this.wiring.hearerOf(node, effect.end, effect.event), effect.event);
        return;
      case 'send':
        this.#send(node, effect);
        return;
      case 'accept':
      case 'refuse':
      case 'close':
      case 'terminate':
      case 'ping':
      case 'pong':
      case 'drain':
        onSocket(this, node, effect);
        return;
      case 'listen':
        listen(this, node, effect.active);
        return;
      case 'dial':
        dial(this, node, effect);
        return;
      case 'setTimer':
        // Ahead of its timer, so that a trail leads from that to it.
        seeWait(this.witness, kernel, node, effect);
        kernel.setTimer(node, effect.timer, effect.key, effect.at);
        return;
      case 'clearTimer':
        kernel.clearTimer(node, effect.timer, effect.key);
        return;
      case 'post':
        this.#posts.post(this, node, effect);
        return;
      case 'beside':
        tellBeside(this, node, effect);
        return;
      case 'relayed':
        kernel.schedule(effect.at, this.wiring.node(effect.to), effect.message);
        return;
      case 'lose':
        seeLoss(this.witness, kernel, node, this.wiring.endOf(node, effect.to, effect.conn), effect);
        return;
      case 'exit':
        this.#hooks.exited(node);
        return;
      case 'reload':
        this.#hooks.reload?.(node);
        return;
      case 'custom':
        seeCustom(this.witness, kernel, node, effect);
        return;
      case 'produce':
      case 'write':
      case 'perform':
      case 'submit':
      case 'note':
      case 'console':
      case 'uncaught':
      case 'socket':
      case 'held':
        this.witness.observer.effect(this.witness, kernel, node, effect);
        return;
      default:
        this.witness.observer.effect(this.witness, kernel, node, effect);
        this.#hooks.application(node, effect);
    }
  }

  /** By itself and not beside the rarer effects on a connection: most effects are this one. */
  #send(node: Node, effect: TransportEffect & { type: 'send' }): void {
    const { conn, payload, bytes, binary } = effect;
    const route = this.wiring.routeOf(conn);
    if (route === undefined) return;
    const end: End = route.dialler === node.index ? 0 : 1;
    const { sent } = this.witness.on;
    const { now: at, event } = this.kernel;
    if (binary !== undefined) checkBinary(node, effect);
    if (sent !== null) sent.write({ at, node: node.id, event, kind: 'sent', conn, payload, bytes });
    if (end === 1 && this.middleboxes.stand && this.middleboxes.keeps(route.link, conn, payload)) return;
    this.step(route.link, { type: 'send', end, conn, payload, bytes, binary } satisfies LinkEvent);
  }

  // ---- history ----------------------------------------------------------------------------------------------------

  /** What a fault does in passing, for whoever reads the timeline. */
  remark(node: Node, text: string): void {
    this.witness.on.noted?.write({ ...this.#here(node), kind: 'noted', text });
  }

  #here(node: Node): { at: Instant; node: NodeId; event: number } {
    return { at: this.kernel.now, node: node.id, event: this.kernel.event };
  }
}
