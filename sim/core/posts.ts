/** Messages between services, between a client and a service over its own link, and between the processes of one device. */
import type { LinkEvent } from '../../src/link/vocabulary.ts';
import type { BesideEffect, MessageEvent, PostEffect } from '../../src/post.ts';
import { after, type Duration } from '../../src/time.ts';
import { SORT } from './event-sort.ts';
import type { Node } from './kernel.ts';
import type { Universe } from './universe.ts';

/** Bytes that a request to the token service, or its answer, takes on the path. */
const RELAY_BYTES = 600;

/** `delay`: how long a message takes between services. */
export function post(universe: Universe, node: Node, { to, message }: PostEffect, delay: Duration): void {
  const { kernel, wiring, witness } = universe;
  const event: MessageEvent = { type: 'message', from: node.id, message };
  const target = wiring.find(to);
  if (target === undefined) return;
  kernel.trail?.posts();
  witness.observer.message(witness, kernel, node, message);
  const relay = wiring.relayFor(node, target);
  if (relay === null) kernel.schedule(after(kernel.now, delay), target, event, SORT.message);
  else {
    const { link, end } = relay;
    universe.step(link, { type: 'relay', end, to: target.id, message: event, bytes: RELAY_BYTES } satisfies LinkEvent);
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
