/** `stream`: the package `readable-stream`, which is cut out of Node; it finds our events, buffers and ticks under their names. */
import Stream from 'readable-stream/lib/stream.js';
import { absent } from './errors.ts';
import type { Any } from './loose.ts';

export const stream = Stream as Any;
export const { Readable, Writable, Duplex, Transform, PassThrough, finished, pipeline } = stream;

for (const [kind, names] of [
  [Readable, ['fromWeb', 'toWeb']],
  [Writable, ['fromWeb', 'toWeb']],
  [Duplex, ['fromWeb', 'toWeb']],
])
  for (const name of names)
    kind[name] = () => {
      throw absent(`stream's ${kind.name}.${name}`);
    };

export default stream;
