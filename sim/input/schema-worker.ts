/**
 * The judge of schemas, in a thread of its own: a pattern such as `^(a+)+$`, or a schema that doubles at each level, may
 * take longer than anybody waits, and only a thread can be stopped from outside. Nothing is read but what was asked.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { removeUriSchemePlugin } from '@hyperjump/browser';
import { InvalidSchemaError, type OutputUnit, setMetaSchemaOutputFormat } from '@hyperjump/json-schema';
import '@hyperjump/json-schema/draft-04';
import '@hyperjump/json-schema/draft-06';
import '@hyperjump/json-schema/draft-07';
import '@hyperjump/json-schema/draft-2019-09';
import {
  registerSchema,
  setShouldValidateFormat,
  unregisterSchema,
  validate,
} from '@hyperjump/json-schema/draft-2020-12';
import { setFormatHandler } from '@hyperjump/json-schema/experimental';
import '@hyperjump/json-schema/formats';
import { addressOf, DRAFTS, FORMATS } from './drafts.ts';
import type { Answer, Line, Question } from './judgement.ts';

/** Where the schema stands for the judge; taken out of everything that it says. */
const HERE = 'https://schema.invalid/';
/** So many failures are told. */
const TOLD = 3;

for (const scheme of ['http', 'https', 'file']) removeUriSchemePlugin(scheme);
setShouldValidateFormat(true);
setMetaSchemaOutputFormat('BASIC');
// People write `uuid` under draft-07 as well; a format that has one meaning is checked whatever the draft.
for (const draft of DRAFTS.filter((each) => each.startsWith('draft-')))
  for (const format of FORMATS)
    if (draft !== 'draft-04' || format !== 'hostname')
      setFormatHandler(
        `https://json-schema.org/keyword/${draft}/format`,
        format,
        `https://json-schema.org/format/${format}`,
      );

const { answers, count } = workerData as Line;
const counter = new Int32Array(count);

function tell(answer: Answer | 'ready'): void {
  answers.postMessage(answer);
  Atomics.add(counter, 0, 1);
  Atomics.notify(counter, 0);
}

async function answerTo({ draft, schema, documents }: Question): Promise<Answer> {
  const rules: unknown = JSON.parse(schema);
  try {
    registerSchema(asRegistered(rules), HERE, addressOf(draft));
    const check = await validate(HERE);
    for (const [document, text] of documents.entries()) {
      const value = JSON.parse(text);
      if (check(value).valid) continue;
      const output = check(value, 'BASIC');
      return { satisfied: false, document, why: told(output.valid ? [] : (output.errors ?? []), rules) };
    }
    return { satisfied: true };
  } catch (error) {
    return { problem: problemOf(error as Error, draft) };
  } finally {
    unregisterSchema(HERE);
  }
}

/** The judge takes no `file:` as a name; another authority in its place leads to the same relations between names. */
function asRegistered(rules: unknown): Parameters<typeof registerSchema>[0] {
  const { $id, id } = (rules ?? {}) as { readonly $id?: unknown; readonly id?: unknown };
  if (![$id, id].some((name) => typeof name === 'string' && name.startsWith('file:'))) return rules as never;
  return JSON.parse(JSON.stringify(rules), (key, value) =>
    (key === '$id' || key === 'id' || key === '$ref') && typeof value === 'string'
      ? value.replace(/^file:\/\//, `${HERE}file`)
      : value,
  );
}

function told(errors: readonly OutputUnit[], rules: unknown): string {
  const lines = [...new Set(errors.map((error) => failure(error, rules)))];
  const more = lines.length - TOLD;
  return `${lines.slice(0, TOLD).join('; ')}${more > 0 ? ` (and ${more} more)` : ''}`;
}

function failure({ instanceLocation, absoluteKeywordLocation }: OutputUnit, rules: unknown): string {
  const place = decoded(instanceLocation.slice(instanceLocation.indexOf('#') + 1));
  const path = decoded(absoluteKeywordLocation.slice(absoluteKeywordLocation.indexOf('#') + 1));
  const steps = path.split('/').slice(1);
  const keyword = steps.at(-1) ?? '';
  const rule = absoluteKeywordLocation.startsWith(`${HERE}#`) ? ruleAt(rules, steps) : undefined;
  const text = rule === undefined ? '' : `: ${short(rule)}`;
  return `${place === '' ? 'the whole' : place} fails \`${keyword === '' ? 'false' : keyword}\`${text}`;
}

function ruleAt(rules: unknown, steps: readonly string[]): unknown {
  let at = rules;
  for (const step of steps) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

function problemOf(error: Error, draft: string): string {
  if (error instanceof RangeError) return 'cannot be judged: it refers to itself without end, or is nested too deeply';
  if (error instanceof InvalidSchemaError)
    return `is no JSON Schema of draft ${draft.replace('draft-', '')}: ${told(error.output.errors ?? [], undefined)}`;
  const text = error.message.replaceAll(HERE, '').replace(/\s+/g, ' ');
  const elsewhere = /Unable to load resource '([^']*)'/.exec(text)?.[1];
  if (elsewhere !== undefined)
    return `\`$ref\`: ${elsewhere} is not judged: no other file is read, and nothing is fetched`;
  const nowhere = /(?:No schema found at|No such anchor) '([^']*)'/.exec(text)?.[1];
  const [, parent, name] = /Value at '([^']*)' is .* does not have property '([^']*)'/.exec(text) ?? [];
  if (name !== undefined) return `\`$ref\`: #${parent}/${name} is not in the schema`;
  if (nowhere !== undefined) return `\`$ref\`: ${nowhere} is not in the schema`;
  return `cannot be judged (${text.slice(0, 160)})`;
}

function decoded(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

parentPort?.on('message', (question: Question) => {
  void answerTo(question).then(tell);
});
tell('ready');
