/** Time inside a realm. */
import { define, defineMethods, type Inside, type Part, scope } from './inside.ts';

export function install({ host }: Inside): Part {
  const Real = scope.Date;
  function VirtualDate(this: unknown, ...parts: readonly unknown[]): unknown {
    if (new.target === undefined) return new Real(host.now()).toString();
    return Reflect.construct(Real, parts.length === 0 ? [host.now()] : parts, new.target);
  }
  VirtualDate.prototype = Real.prototype;
  defineMethods(VirtualDate, { now: () => Math.floor(host.now()), parse: Real.parse, UTC: Real.UTC });
  Object.defineProperty(VirtualDate, 'name', { value: 'Date', configurable: true });
  Object.defineProperty(VirtualDate, 'length', { value: 7, configurable: true });
  Object.defineProperty(Real.prototype, 'constructor', { value: VirtualDate, writable: true, configurable: true });
  define('Date', VirtualDate);
  return {};
}
