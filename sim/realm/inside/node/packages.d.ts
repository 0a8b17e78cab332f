/** Packages that the builtins of a Node process are made of, under names of their own: their usual ones are those of builtins. */
declare module 'package:events' {
  const Emitter: unknown;
  export default Emitter;
}
declare module 'package:buffer' {
  export const Buffer: unknown;
  export const SlowBuffer: unknown;
  export const kMaxLength: number;
}
declare module 'package:string_decoder' {
  export const StringDecoder: unknown;
}
declare module 'readable-stream/lib/stream.js' {
  const Stream: unknown;
  export default Stream;
}
declare module 'path-browserify' {
  const path: unknown;
  export default path;
}
