/**
 * Damaged traces, schemas, policies and contents, through the code of the command: each is refused in one line, or taken,
 * and then a run under it ends with a verdict. Anything else, and anything that takes long, is a finding.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TellableError } from '../../sim/cli/errors.ts';
import { ORDER_SCHEMA, order } from '../../sim/content/order.ts';
import { type RunOptions, run } from '../../sim/core/run.ts';
import { contentsOf } from '../../sim/input/content-argument.ts';
import { networkOf } from '../../sim/input/network-argument.ts';
import { policyOf } from '../../sim/input/policy-argument.ts';
import { plainly } from '../../sim/input/used-files.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { printPolicy } from '../../src/backoff/parse.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { hasControls, visible } from '../../src/visible.ts';
import { damaged, type Luck, luckOf, pick } from './damage.ts';
import type { Fuzz, Verdict } from './fuzz.ts';

const TRACE = Array.from({ length: 300 }, (_, i) => Math.floor(i * 3.7)).join('\n');
const DOCUMENT = JSON.stringify(order(1, 3));

const SCHEMAS: readonly object[] = [
  ORDER_SCHEMA,
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://example.com/a',
    type: 'object',
    properties: {
      id: { type: ['string', 'integer'] },
      lines: { prefixItems: [{ $ref: '#/$defs/line' }], items: true },
    },
    $defs: { line: { type: 'object', minProperties: 1, unevaluatedProperties: true } },
    dependentRequired: { id: ['lines'] },
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    definitions: { text: { type: 'string', format: 'date-time', pattern: '^[a-z]+$', maxLength: 50 } },
    properties: { customer: { $ref: '#/definitions/text' } },
    if: { required: ['lines'] },
    // biome-ignore lint/suspicious/noThenProperty: it is the keyword.
    then: { properties: { lines: { items: [{ type: 'object' }], additionalItems: true } } },
  },
  {
    $schema: 'http://json-schema.org/draft-04/schema#',
    id: 'http://example.com/a',
    type: 'object',
    minimum: 1,
    exclusiveMinimum: true,
  },
];
const POLICIES = Object.values(PRESETS).map(({ policy }) => printPolicy(policy));

/** What one damaged file is given as. */
const KINDS: Readonly<Record<string, (folder: string, luck: Luck) => RunOptions>> = {
  trace(folder, luck) {
    const path = written(folder, 'trace', damaged(TRACE, luck));
    return { network: networkOf(`${path},${path}`) };
  },
  schema(folder, luck) {
    const schema = written(folder, 'schema.json', damaged(JSON.stringify(pick(luck, SCHEMAS)), luck));
    return { input: contentsOf(written(folder, 'sound.json', Buffer.from(DOCUMENT)), schema, plainly, shown) };
  },
  policy(folder, luck) {
    const path = written(folder, 'policy.json', damaged(JSON.stringify(pick(luck, POLICIES)), luck));
    return { policy: policyOf(luck(4) === 0 ? `${path},${damaged('cap=20s', luck).toString('latin1')}` : path) };
  },
  input(folder, luck) {
    const json = luck(2) === 0;
    const path = written(folder, json ? 'input.json' : 'input.txt', damaged(DOCUMENT, luck));
    const schema = json
      ? written(folder, 'sound.schema.json', Buffer.from(JSON.stringify(pick(luck, SCHEMAS))))
      : undefined;
    return { input: contentsOf(luck(4) === 0 ? `${path},${path}` : path, schema, plainly, shown) };
  },
};

/** What is told is text on one line, once it is made visible. */
function shown(line: string): void {
  if (/\n/.test(visible(line)) || hasControls(visible(line))) throw new Error(`not on one line: ${line}`);
}

function written(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

export const input: Fuzz = {
  kinds: Object.keys(KINDS),
  try(kind, name, folder): Verdict {
    const luck = luckOf(name);
    let options: RunOptions;
    try {
      options = (KINDS[kind] as (folder: string, luck: Luck) => RunOptions)(folder, luck);
    } catch (error) {
      if (!(error instanceof TellableError)) throw error;
      for (const line of error.lines) shown(line);
      if (error.exitCode !== 2 || error.lines.length !== 1)
        throw new Error(`exit code ${error.exitCode}: ${error.message}`);
      return 'refused';
    }
    return run(scenarioNamed('midstream/text') as SessionScenario, '1', options).verdict;
  },
};
