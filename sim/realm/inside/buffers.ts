/**
 * Buffers of bytes, up to a size that any machine has.
 *
 * Whether a huge buffer can be had depends on the machine and on what else runs there, and nothing that does may decide what
 * a run comes to. So one of more than a gibibyte fails in every realm as the engine fails where there is no more.
 */
import { type Any, define, scope } from './inside.ts';

/** 1 GiB; V8 itself would go on to 8 PiB. */
const MOST_BYTES = 1_073_741_824;

export function installBuffers(): void {
  const { ArrayBuffer: RealBuffer } = scope;
  limit(RealBuffer, (length, options) => Math.max(length, Number(options?.maxByteLength ?? 0)));
  const TypedArray = Object.getPrototypeOf(scope.Uint8Array);
  for (const name of Object.getOwnPropertyNames(scope)) {
    const { value } = Object.getOwnPropertyDescriptor(scope, name) ?? {};
    if (typeof value === 'function' && Object.getPrototypeOf(value) === TypedArray)
      limit(value, (length) => length * value.BYTES_PER_ELEMENT);
  }
}

/** `Real`, but for a first argument that is a number and comes to too many bytes. */
function limit(Real: Any, bytesOf: (length: number, options: Any) => number): void {
  function Limited(this: unknown, first?: unknown, second?: unknown, third?: unknown): unknown {
    if (typeof first === 'number' && bytesOf(first, second) > MOST_BYTES)
      throw new RangeError('Array buffer allocation failed');
    // The usual case by itself: it takes half the time.
    if (new.target === Limited) return new Real(first, second, third);
    if (new.target === undefined) return Real(first);
    return Reflect.construct(Real, [first, second, third], new.target);
  }
  const { prototype, name } = Real;
  for (const key of Reflect.ownKeys(Real)) {
    const descriptor = Object.getOwnPropertyDescriptor(Real, key) as PropertyDescriptor;
    Object.defineProperty(Limited, key, descriptor);
  }
  Object.setPrototypeOf(Limited, Object.getPrototypeOf(Real));
  Object.defineProperty(prototype, 'constructor', { value: Limited, writable: true, configurable: true });
  define(name, Limited);
}
