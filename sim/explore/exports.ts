/** What a module exports that is a scenario, or a law. */
import type { Law } from '../../properties/laws/law.ts';
import { type Config, isConfig } from '../core/config.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Address, Source } from './source.ts';

/** What a module has as its default export; a CommonJS one may have it behind another. */
export function defaultOf(exports: Readonly<Record<string, unknown>>): unknown {
  const { default: given } = exports;
  const isWrapped = given !== null && typeof given === 'object' && '__esModule' in given && 'default' in given;
  return isWrapped ? given.default : given;
}

/** The scenarios and laws that a module exports: those of its config, or else each by itself and in lists, the default first. */
export function sourceOf({ url, ours }: Address, exports: Readonly<Record<string, unknown>>): Source {
  const main = defaultOf(exports);
  if (isConfig(main)) return { url, ours, scenarios: (main as Config).scenarios, laws: lawsIn(exports) };
  const all = [main, ...each(exports)].filter(isScenario);
  return { url, ours, scenarios: [...new Set(all)], laws: lawsIn(exports) };
}

const lawsIn = (exports: Readonly<Record<string, unknown>>): readonly Law[] => each(exports).filter(isLaw);

const each = (exports: Readonly<Record<string, unknown>>): readonly unknown[] => Object.values(exports).flat();

export const isScenario = (value: unknown): value is Scenario =>
  has(value, 'name', 'string') && has(value, 'world', 'function') && has(value, 'plan', 'function');

const isLaw = (value: unknown): value is Law =>
  has(value, 'name', 'string') && has(value, 'remember', 'function') && has(value, 'states', 'string');

const has = (value: unknown, field: string, type: string): boolean =>
  value !== null && typeof value === 'object' && typeof (value as Record<string, unknown>)[field] === type;
