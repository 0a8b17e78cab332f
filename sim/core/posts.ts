/** Messages between services, between a client and a service over its own link, and between the processes of one device. */
import type { LinkEvent } from '../../src/link/vocabulary.ts';
import { between } from '../../src/machine.ts';
import type { BesideEffect, MessageEvent, PostEffect } from '../../src/post.ts';
import { after, type Duration, type Instant, latest, us, ZERO } from '../../src/time.ts';
import { SORT } from './event-sort.ts';
import type { Node } from './kernel.ts';
import type { Universe } from './universe.ts';

/** Bytes that a request to the token service, or its answer, takes on the path. */
const RELAY_BYTES = 600;

/** How long messages take between services: each the same, or up to `spread` longer by the luck of who says it. */
export class Posts {
  readonly #delay: Duration;
  readonly #spread: number;
  /** When the last message from one node to another arrives, where that is luck: the next one does not overtake it. */
  readonly #last = new Map<number, Instant>();

  constructor(delay: Duration, spread: Duration = ZERO) {
    this.#delay = delay;
    this.#spread = spread;
  }

  post(universe: Universe, node: Node, { to, message }: PostEffect): void {
    const { kernel, wiring, witness } = universe;
    const event: MessageEvent = { type: 'message', from: node.id, message };
    const target = wiring.find(to);
    if (target === undefined) return;
    kernel.trail?.posts();
    witness.observer.message(witness, kernel, node, message);
    const relay = wiring.relayFor(node, target);
    if (relay === null) kernel.schedule(this.#arrival(node, target, kernel.now), target, event, SORT.message);
    else {
      const { link, end } = relay;
      universe.step(link, {
        type: 'relay',
        end,
        to: target.id,
        message: event,
        bytes: RELAY_BYTES,
      } satisfies LinkEvent);
    }
  }

  #arrival(node: Node, target: Node, now: Instant): Instant {
    const soonest = after(now, this.#delay);
    if (this.#spread === 0) return soonest;
    const pair = node.index * 1_048_576 + target.index;
    const luck = after(soonest, us(between(node.context.random('post'), 0, this.#spread)));
    const at = latest(luck, this.#last.get(pair) ?? soonest);
    this.#last.set(pair, at);
    return at;
  }
}

/** What a process tells the others of its device, or itself in a task of its own. */
export function tellBeside({ kernel, wiring }: Universe, node: Node, { to, message }: BesideEffect): void {
  const event: MessageEvent = { type: 'message', from: node.id, message };
  if (to === 'self') kernel.schedule(kernel.now, node, event, SORT.message);
  else
    for (const other of wiring.processesBeside(node))
      if (other !== node && other.up) kernel.schedule(kernel.now, other, event, SORT.message);
}
