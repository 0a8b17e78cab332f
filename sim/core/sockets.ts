/**
 * What endpoints do with their connections, noted in history and handed to the link of each. Sending is most of it, and
 * stands in the universe; the rest happens seldom.
 */
import { endOf } from '../../src/link/ended.ts';
import type { LinkState } from '../../src/link/tcp/state.ts';
import type { End, LinkEvent } from '../../src/link/vocabulary.ts';
import type { TransportEffect, TransportEvent } from '../../src/transport.ts';
import type { Node } from './kernel.ts';
import { seeAnswer, seeLoss } from './observe.ts';
import { checkControl, checkDrain, type Of, resolve } from './socket-use.ts';
import type { Universe } from './universe.ts';
import type { Route } from './wiring.ts';

export function dial(universe: Universe, node: Node, effect: Of<'dial'>): void {
  const { wiring, witness, kernel } = universe;
  const { conn, origin, protocols, over, autoPong, halfOpen } = effect;
  const within = wiring.within(node);
  const isPlain = effect.url === undefined && protocols === undefined && over === undefined && within.has(effect.to);
  const { to, url } = isPlain ? effect : resolve(node, effect, within);
  if (wiring.routeOf(conn) !== undefined)
    throw new Error(
      `${node.id} dials ${effect.to} as connection ${conn}: expected a name that no dial had before (newConn())`,
    );
  const link = wiring.route(conn, node, to);
  const dialled = { at: kernel.now, node: node.id, event: kernel.event, kind: 'dialled', conn, to } as const;
  witness.on.dialled?.write(url === undefined ? dialled : { ...dialled, url });
  if (autoPong === false) wiring.answersPings(conn, 0);
  if (halfOpen === true) wiring.staysHalfOpen(conn, 0);
  universe.step(link, { type: 'dial', end: 0, conn, origin, url, protocols, over } satisfies LinkEvent);
}

export function onSocket(
  universe: Universe,
  node: Node,
  effect: Exclude<TransportEffect, Of<'dial' | 'send' | 'listen'>>,
): void {
  const { conn } = effect;
  const { wiring, witness, kernel } = universe;
  const route = wiring.routeOf(conn);
  if (route === undefined) return;
  const { link } = route;
  const end: End = route.dialler === node.index ? 0 : 1;
  const { now: at, event } = kernel;
  switch (effect.type) {
    case 'accept':
      seeAnswer(witness, kernel, node, effect);
      if (effect.autoPong === false) wiring.answersPings(conn, end);
      if (effect.halfOpen === true) wiring.staysHalfOpen(conn, end);
      universe.step(link, { type: 'accept', end, conn, protocol: effect.protocol } satisfies LinkEvent);
      return;
    case 'refuse':
      seeAnswer(witness, kernel, node, effect);
      break;
    case 'close': {
      const { code, reason } = effect;
      witness.on.hungUp?.write({ at, node: node.id, event, kind: 'hungUp', conn, code, reason });
      universe.step(link, { type: 'close', end, conn, code, reason } satisfies LinkEvent);
      return;
    }
    case 'terminate': {
      const { how } = effect;
      witness.on.hungUp?.write({ at, node: node.id, event, kind: 'hungUp', conn, code: 1006, reason: how });
      universe.step(link, { type: 'terminate', end, conn, how } satisfies LinkEvent);
      return;
    }
    case 'drain':
      checkDrain(node, effect);
      universe.step(link, { type: 'drain', end, conn, below: effect.below ?? 0 } satisfies LinkEvent);
      return;
    default:
      checkControl(node, effect, (link.state as LinkState).conns[conn]?.tenant);
  }
  universe.step(link, { ...effect, end } satisfies LinkEvent);
}

/** What may come behind the end of a connection. */
export type Brought = Extract<TransportEvent, { readonly type: 'frame' | 'closed' }>;

const isTold = ({ told }: Route, end: End): boolean => (told & (1 << end)) !== 0;

/** A socket that was closed brings nothing more, whatever was still inside the network, and is closed once. */
export function isTooLate({ wiring, witness, kernel }: Universe, node: Node, event: Brought): boolean {
  const { conn } = event;
  const route = wiring.routeOf(conn);
  if (route === undefined) return false;
  const end: End = route.dialler === node.index ? 0 : 1;
  const wasTold = isTold(route, end);
  if (event.type === 'closed') route.told |= 1 << end;
  if (!wasTold || event.type === 'closed') return wasTold;
  const { payload, bytes } = event;
  seeLoss(witness, kernel, node, node, { conn, payload, bytes, why: 'its connection was over' });
  return true;
}

/** A ping or a pong. */
export type Control = Extract<TransportEvent, { readonly type: 'ping' | 'pong' }>;

/** A ping is answered before its machine hears of it; false when the connection is over. */
export function isHeard(universe: Universe, node: Node, { type, conn, data }: Control): boolean {
  const route = universe.wiring.routeOf(conn);
  const end: End = route?.dialler === node.index ? 0 : 1;
  if (route === undefined || isTold(route, end)) return false;
  if (type === 'ping' && (route.manual & (1 << end)) === 0)
    universe.step(route.link, { type: 'pong', end, conn, data } satisfies LinkEvent);
  return true;
}

/** Whether anybody takes connections at a node, on each link that leads there. */
export function listen(universe: Universe, node: Node, active: boolean): void {
  for (const { link, end } of universe.wiring.linksOf(node))
    universe.step(link, { type: 'listen', end, active } satisfies LinkEvent);
}

/** The other end has ended its stream. */
export type Ended = Extract<TransportEvent, { readonly type: 'ended' }>;

/** What a machine hears of the end of the other's stream: unless it wants to go on, its own is ended, and that was all. Null: nothing any more. */
export function endOfStream(universe: Universe, node: Node, event: Ended): TransportEvent | null {
  const { conn } = event;
  const route = universe.wiring.routeOf(conn);
  const end: End = route?.dialler === node.index ? 0 : 1;
  if (route === undefined || isTold(route, end)) return null;
  if ((route.halfOpen & (1 << end)) !== 0) return event;
  universe.step(route.link, { type: 'close', end, conn, code: 1000, reason: '' } satisfies LinkEvent);
  return endOf(conn);
}

/** One of several processes at the near end of a link is gone: its own connections end, as its kernel ends them. */
export function leave(universe: Universe, link: Node, gone: Node): void {
  for (const key of Object.keys((link.state as LinkState).conns)) {
    const conn = Number(key);
    if (universe.wiring.routeOf(conn)?.dialler === gone.index)
      universe.step(link, { type: 'terminate', end: 0, conn, how: 'fin' } satisfies LinkEvent);
  }
}
