/** Arguments that several commands share: names with suggestions, numbers, contents and networks. */
import { basename } from 'node:path';
import { Ajv } from 'ajv';
import type { Content, Part } from '../../src/content.ts';
import { parseDuration } from '../../src/time.ts';
import { cutContent } from '../content/cut.ts';
import { SEED_FORM, seedNumber } from '../explore/seeds.ts';
import { FAULT_KINDS } from '../faults/catalogue.ts';
import type { FaultKind } from '../faults/plan.ts';
import { parseJson } from '../input/json.ts';
import { plainly, type Reader, type ReadFile } from '../input/used-files.ts';
import { parseTrace, traceNetwork } from '../networks/mahimahi.ts';
import type { Network } from '../networks/network.ts';
import { findNetwork, NETWORKS } from '../networks/presets.ts';
import { join } from '../samples/samples.ts';
import type { Scenario } from '../scenario.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import { flawOfNetwork } from '../scenarios/quiet.ts';
import { DEFAULTS } from '../scenarios/topology.ts';
import { shown } from '../shown.ts';
import { InputError, UsageError } from './errors.ts';
import { unknownName } from './names.ts';

/** Scenarios by name or by pattern (`midstream/*`); all of them when none is named. */
export function scenariosOf(patterns: readonly string[]): readonly Scenario[] {
  if (patterns.length === 0) return SCENARIOS;
  const chosen = new Set<Scenario>();
  for (const pattern of patterns) {
    const found = SCENARIOS.filter(({ name }) => fits(name, pattern.split('*')));
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

/** Whether a name is these parts in their order, with anything between them; in time that grows with their length. */
function fits(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new UsageError(`${flag}: expected a whole number from ${least} to ${most}, got ${shown(text)}`);
  return value;
}

export function seedOf(what: string, text: string): number {
  const seed = seedNumber(text);
  if (seed === undefined) throw new UsageError(`${what}: expected ${SEED_FORM}, got ${shown(text)}`);
  return seed;
}

/** Wall time in milliseconds. */
export function durationOf(flag: string, text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined || duration === 0)
    throw new UsageError(`${flag}: expected a duration such as 60s or 500ms, got ${shown(text)}`);
  return duration / 1000;
}

/** A preset by name, or a pair of traces. */
export function networkOf(text: string, reader: Reader = plainly): Network {
  if (!text.includes(',')) {
    const found = findNetwork(text);
    if (found !== undefined) return found;
    if (/[./\\]/.test(text))
      throw new UsageError(`--network: expected a preset or FILE.down,FILE.up, got only ${shown(text)}`);
    throw unknownName(
      'unknown network',
      text,
      NETWORKS.map(({ name }) => name),
      'hangup list networks shows all; measured ones are FILE.down,FILE.up',
    );
  }
  const [down = '', up = '', ...more] = text.split(',');
  if (down === '' || up === '' || more.length > 0)
    throw new UsageError(`--network: expected FILE.down,FILE.up, got ${shown(text)}`);
  const read = reader('network');
  const network = traceNetwork(basename(down), { down: traceOf(down, read), up: traceOf(up, read) });
  const flaw = flawOfNetwork(network, DEFAULTS);
  if (flaw !== null) throw new InputError(`--network ${shown(text)}: ${flaw}`);
  return network;
}

/** Kinds of faults by name; `all` is every kind there is. */
export function faultsOf(text: string): readonly FaultKind[] {
  if (text === 'all') return FAULT_KINDS;
  const names = text.split(',').filter((name) => name !== '');
  if (names.length === 0 || names.includes('all'))
    throw new UsageError(`--faults: expected KIND,KIND,… or all (hangup list faults), got ${shown(text)}`);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new UsageError(`--faults: ${shown(twice)} is given twice; expected each kind once`);
  return names.map((name) => {
    const kind = FAULT_KINDS.find((known) => known === name);
    if (kind === undefined) throw unknownName('unknown fault', name, FAULT_KINDS, 'hangup list faults shows all');
    return kind;
  });
}

function traceOf(path: string, read: ReadFile): Float64Array {
  const parsed = parseTrace(read(path).toString('latin1'));
  if ('problem' in parsed) throw new InputError(`${path}: ${parsed.problem}`);
  return parsed.trace;
}

/** Files as the response: one text, one JSON document (checked), or several files as a multi-part response. */
export function contentsOf(input: string, schema: string | undefined, reader: Reader = plainly): readonly Content[] {
  const paths = input.split(',').filter((path) => path !== '');
  if (paths.length === 0) throw new UsageError('--input: expected FILE or FILE,FILE,…');
  const read = reader('input');
  const files = paths.map((path) => ({ path, bytes: new Uint8Array(read(path)) }));
  for (const { path, bytes } of files)
    if (bytes.length === 0) throw new InputError(`${path}: is empty: expected content to stream`);
  const check = schema === undefined ? null : schemaOf(schema, reader('schema'));
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

function schemaOf(path: string, read: ReadFile): { validate(value: unknown): boolean; errors(): string } {
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

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return !bytes.includes(0);
  } catch {
    return false;
  }
}
