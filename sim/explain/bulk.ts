/** What most of a run consists of: pieces of streams, each with its number. */
import type { Entry } from '../../src/history.ts';
import type { Protocol } from '../core/protocol.ts';

/** Whether an entry is about a numbered piece of a stream, and not about a beat or a place in one. */
export function BULKY(entry: Entry, protocol: Pick<Protocol, 'vocabulary'> | undefined): boolean {
  if ('seq' in entry) return true;
  const bulk = protocol?.vocabulary?.bulk;
  return (
    bulk !== undefined && 'payload' in entry && (entry.payload as { readonly type?: unknown } | null)?.type === bulk
  );
}
