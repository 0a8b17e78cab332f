/**
 * What nodes say to each other outside any connection: `post`, which arrives as `message`, in order, after the datacentre's
 * delay, or over a client's own network; it is lost when the receiver is down.
 * Processes on one device, as the tabs of a browser, also speak to each other beside the network: `beside`.
 */
import type { NodeId } from './machine.ts';

/** `M`: what the services of a protocol say to each other, plain data. */
export type PostEffect<M = unknown> = { readonly type: 'post'; readonly to: NodeId; readonly message: M };
export type MessageEvent<M = unknown> = { readonly type: 'message'; readonly from: NodeId; readonly message: M };

/** To the other processes of the same device, or to itself: it arrives as `message` at once, in an event of its own. */
export type BesideEffect<M = unknown> = {
  readonly type: 'beside';
  readonly to: 'self' | 'others';
  readonly message: M;
};

/** What a balancer asks a server; `op` tells the answers apart. */
export type Probe = { readonly type: 'probe'; readonly op: number };
/** What a server answers: whether it takes connections. */
export type Probed = { readonly type: 'probed'; readonly op: number; readonly ready: boolean };
