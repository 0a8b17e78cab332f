/** What the kernel of a Node process hears of the world. */
import type { MessageEvent, Probe } from '../../src/post.ts';
import type { Duration } from '../../src/time.ts';
import type { TransportEvent } from '../../src/transport.ts';

export type Told =
  | TransportEvent<Uint8Array>
  | MessageEvent<Probe>
  | { readonly type: 'drain'; readonly deadline: Duration }
  | { readonly type: 'quiesce' }
  | { readonly type: 'timer'; readonly timer: string; readonly key: number };

/** What a kernel says of a connection that is gone, of which its world says why. */
export const codeOf = (wasOpen: boolean, reason: string): string =>
  reason === 'timed out' ? 'ETIMEDOUT' : wasOpen || reason !== 'refused' ? 'ECONNRESET' : 'ECONNREFUSED';
