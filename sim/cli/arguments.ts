/** Arguments that several commands share: names with suggestions, numbers, contents and networks. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Ajv } from 'ajv';
import type { Content, Part } from '../../src/content.ts';
import { parseDuration } from '../../src/time.ts';
import { cutContent } from '../content/cut.ts';
import { seedNumber } from '../explore/seeds.ts';
import { FAULT_KINDS } from '../faults/catalogue.ts';
import type { FaultKind } from '../faults/plan.ts';
import { parseTrace, traceNetwork } from '../networks/mahimahi.ts';
import type { Network } from '../networks/network.ts';
import { findNetwork, NETWORKS } from '../networks/presets.ts';
import { join } from '../samples/samples.ts';
import type { Scenario } from '../scenario.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import { flawOfNetwork } from '../scenarios/quiet.ts';
import { DEFAULTS } from '../scenarios/topology.ts';
import { InputError, reasonOf, UsageError } from './errors.ts';
import { unknownName } from './names.ts';

/** Scenarios by name or by pattern (`midstream/*`); all of them when none is named. */
export function scenariosOf(patterns: readonly string[]): readonly Scenario[] {
  if (patterns.length === 0) return SCENARIOS;
  const chosen = new Set<Scenario>();
  for (const pattern of patterns) {
    const shape = new RegExp(`^${pattern.replace(/[.+?^$()|[\]{}\\]/g, '\\$&').replaceAll('*', '.*')}$`);
    const found = SCENARIOS.filter(({ name }) => shape.test(name));
    if (found.length === 0)
      throw unknownName(
        'unknown scenario',
        pattern,
        SCENARIOS.map(({ name }) => name),
        'hangup list scenarios shows all',
      );
    for (const each of found) chosen.add(each);
  }
  return SCENARIOS.filter((each) => chosen.has(each));
}

export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new UsageError(`${flag}: expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`);
  return value;
}

export function seedOf(what: string, text: string): number {
  const seed = seedNumber(text);
  if (seed === undefined)
    throw new UsageError(`${what}: expected a seed such as k7f3 (1 to 10 of 0-9 and a-z), got ${JSON.stringify(text)}`);
  return seed;
}

/** Wall time in milliseconds. */
export function durationOf(flag: string, text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined || duration === 0)
    throw new UsageError(`${flag}: expected a duration such as 60s or 500ms, got ${JSON.stringify(text)}`);
  return duration / 1000;
}

/** A preset by name, or a pair of traces. */
export function networkOf(text: string): Network {
  if (!text.includes(',')) {
    const found = findNetwork(text);
    if (found !== undefined) return found;
    if (/[./\\]/.test(text))
      throw new UsageError(`--network: expected a preset or FILE.down,FILE.up, got only ${JSON.stringify(text)}`);
    throw unknownName(
      'unknown network',
      text,
      NETWORKS.map(({ name }) => name),
      'hangup list networks shows all; measured ones are FILE.down,FILE.up',
    );
  }
  const [down = '', up = '', ...more] = text.split(',');
  if (down === '' || up === '' || more.length > 0)
    throw new UsageError(`--network: expected FILE.down,FILE.up, got ${JSON.stringify(text)}`);
  const network = traceNetwork(basename(down), { down: traceOf(down), up: traceOf(up) });
  const flaw = flawOfNetwork(network, DEFAULTS);
  if (flaw !== null) throw new InputError(`${text}: ${flaw}`);
  return network;
}

/** Kinds of faults by name; `all` is every kind there is. */
export function faultsOf(text: string): readonly FaultKind[] {
  if (text === 'all') return FAULT_KINDS;
  const names = text.split(',').filter((name) => name !== '');
  if (names.length === 0 || names.includes('all'))
    throw new UsageError(`--faults: expected KIND,KIND,… or all (hangup list faults), got ${JSON.stringify(text)}`);
  return names.map((name) => {
    const kind = FAULT_KINDS.find((known) => known === name);
    if (kind === undefined) throw unknownName('unknown fault', name, FAULT_KINDS, 'hangup list faults shows all');
    return kind;
  });
}

function traceOf(path: string): Float64Array {
  const parsed = parseTrace(read(path).toString('latin1'));
  if ('problem' in parsed) throw new InputError(`${path}: ${parsed.problem}`);
  return parsed.trace;
}

/** Files as the response: one text, one JSON document (checked), or several files as a multi-part response. */
export function contentsOf(input: string, schema: string | undefined): readonly Content[] {
  const paths = input.split(',').filter((path) => path !== '');
  if (paths.length === 0) throw new UsageError('--input: expected FILE or FILE,FILE,…');
  const files = paths.map((path) => ({ path, bytes: new Uint8Array(read(path)) }));
  for (const { path, bytes } of files)
    if (bytes.length === 0) throw new InputError(`${path}: is empty: expected content to stream`);
  const check = schema === undefined ? null : schemaOf(schema);
  const kinds = files.map(({ path, bytes }) => {
    if (!path.endsWith('.json')) return isText(bytes) ? ('text' as const) : ('binary' as const);
    const value = parseJson(path, bytes);
    if (check !== null && !check.validate(value))
      throw new InputError(`${path}: does not satisfy ${schema}: ${check.errors()}`);
    return 'json' as const;
  });
  if (check !== null && !kinds.includes('json')) throw new UsageError('--schema: expected a .json file in --input');
  const [first] = files;
  if (files.length === 1 && first !== undefined) {
    const kind = kinds[0] === 'json' ? 'json' : 'text';
    return [cutContent(basename(first.path), kind, first.bytes)];
  }
  const pieces = files.map(({ path, bytes }, i) => ({ name: basename(path), kind: kinds[i] as Part['kind'], bytes }));
  return [join(pieces.map(({ name }) => name).join('+'), pieces, 200)];
}

function schemaOf(path: string): { validate(value: unknown): boolean; errors(): string } {
  const ajv = new Ajv({ allErrors: true, strict: false });
  try {
    const validate = ajv.compile(parseJson(path, new Uint8Array(read(path))) as object);
    return {
      validate: (value) => validate(value) === true,
      errors: () => ajv.errorsText(validate.errors, { dataVar: '' }).slice(0, 200),
    };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: is no JSON Schema (${(error as Error).message.slice(0, 120)})`);
  }
}

export function parseJson(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new InputError(
      `${path}: does not parse as JSON (${(error as Error).message.replaceAll('\n', ' ').slice(0, 120)})`,
    );
  }
}

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return !bytes.includes(0);
  } catch {
    return false;
  }
}

export function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new InputError(`${path}: cannot be read (${reasonOf(error)})`);
  }
}
