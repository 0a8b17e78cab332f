/** What a browser hears for its page: of the network, of the tab that it is in, of other tabs. */
import type { TransportEvent } from '../../src/transport.ts';

/** What happens to a page besides what its connections bring. */
export type PageEvent =
  | TransportEvent
  | { readonly type: 'timer'; readonly timer: string; readonly key: number }
  | { readonly type: 'online' | 'offline' }
  /** Its tab is in the background, or in front again; it stands still from now on, or goes on. */
  | { readonly type: 'hidden' | 'shown' | 'frozen' | 'resumed' }
  /** It is loaded again, or closed. */
  | { readonly type: 'unload' | 'leave' }
  | { readonly type: 'message'; readonly message: Between };

/** What one tab tells the others of its client, and itself. */
export type Between =
  | { readonly what: 'next' }
  | {
      readonly what: 'stored';
      readonly key: string | null;
      readonly before: string | null;
      readonly value: string | null;
    }
  | { readonly what: 'said'; readonly channel: string; readonly data: string };
