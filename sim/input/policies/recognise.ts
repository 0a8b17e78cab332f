/**
 * Which format a file is of, by what stands in it, and the policies in it.
 *
 * A file that two formats would read differently is refused with both names; one that they read alike is of the first.
 */
import { policyProblems, printPolicy, problemText } from '../../../src/backoff/parse.ts';
import { POLICY_DEFAULTS, type Policy } from '../../../src/backoff/policy.ts';
import { InputError, UsageError } from '../../cli/errors.ts';
import { unknownName } from '../../cli/names.ts';
import { AWS } from './aws.ts';
import { CENTRIFUGE, MCP, MQTT_JS, NATS, PARTYSOCKET, RECONNECTING_WEBSOCKET, SOCKET_IO } from './browser.ts';
import { documentsOf, isRecord, type Place, placesOf } from './document.ts';
import { ENVOY } from './envoy.ts';
import type { Found, Log, PolicyFormat } from './format.ts';
import { GRPC_CHANNEL, GRPC_SERVICE } from './grpc.ts';
import { KAFKA, LIBRDKAFKA } from './kafka.ts';
import { CLIENT_GO, KUBERNETES } from './kubernetes.ts';
import { MOSQUITTO } from './mosquitto.ts';
import { AWS_IOT, HIVEMQ, PAHO, PAHO_PYTHON } from './mqtt.ts';
import { POLLY } from './polly.ts';
import { RESILIENCE4J } from './resilience4j.ts';

export const FORMATS: readonly PolicyFormat[] = [
  ...[GRPC_SERVICE, GRPC_CHANNEL, ENVOY, AWS, POLLY, RESILIENCE4J, CLIENT_GO, KUBERNETES],
  ...[SOCKET_IO, RECONNECTING_WEBSOCKET, PARTYSOCKET, MCP, CENTRIFUGE, NATS],
  ...[MQTT_JS, PAHO, PAHO_PYTHON, HIVEMQ, AWS_IOT, MOSQUITTO],
  ...[KAFKA, LIBRDKAFKA],
];

const isKnobName = (key: string): boolean => key === 'delay' || Object.hasOwn(POLICY_DEFAULTS, key);

/** Our own form, which `hangup list policies --json` prints. */
const OWN = 'hangup';

/** The names that may stand before a file: `FORMAT:FILE`. */
export const FORMAT_NAMES: readonly string[] = [OWN, ...FORMATS.map(({ name }) => name)];

/** A policy of a file. */
export interface FilePolicy {
  /** Its name among others of the file; null where there is but one. */
  readonly name: string | null;
  /** In the form that `parsePolicy` reads; of our own form as it was written. */
  readonly json: unknown;
  /** What the file says and a policy cannot, and what it does not say. */
  readonly notes: readonly string[];
}

export interface PolicyFile {
  /** What was recognised, for people: `socket.io-client options`; null for our own form. */
  readonly title: string | null;
  readonly policies: readonly FilePolicy[];
}

/** The policies in the bytes of a file. Throws `InputError` in one line that begins with the path, `UsageError` for a format that does not exist. */
export function policiesIn(path: string, bytes: Uint8Array, format: string | null): PolicyFile {
  const { values, syntax } = documentsOf(path, bytes);
  if (format === OWN) return own(values[0]);
  const roots = values.map((value, index) => ({ value, path: values.length > 1 ? `[${index}]` : '' }));
  const places = roots.flatMap((root) => placesOf(root.value, root.path));
  if (format !== null) return forced(path, formatNamed(format), places);
  // Before any other: a policy of ours may have any word in it.
  if (places[0] !== undefined && Object.hasOwn(places[0].value, 'delay') && isRecord(places[0].value.delay))
    return own(values[0]);
  const [only, ...others] = FORMATS.flatMap((each) => {
    const found = each.find(places);
    return found.length > 0 ? [{ format: each, found }] : [];
  });
  if (only === undefined) {
    const root = values[0];
    // What has a knob of ours, or could be no settings at all, is a policy of ours with mistakes in it.
    if (syntax === 'json' && (!isRecord(root) || Object.keys(root).every(isKnobName) || Object.hasOwn(root, 'delay')))
      return own(root);
    throw new InputError(
      `${path}: no policy is recognised in it: expected one of ${FORMAT_NAMES.join(', ')}; FORMAT:${path} says which`,
    );
  }
  const file = readAll(path, only.format, only.found);
  for (const { format: other, found } of others)
    if (!alike(path, file, other, found))
      throw new InputError(
        `${path}: may be ${[only, ...others].map((each) => each.format.title).join(', or ')}: expected ${[only, ...others].map((each) => `${each.format.name}:${path}`).join(' or ')}`,
      );
  return file;
}

const own = (value: unknown): PolicyFile => ({ title: null, policies: [{ name: null, json: value, notes: [] }] });

function formatNamed(name: string): PolicyFormat {
  const format = FORMATS.find((each) => each.name === name);
  if (format === undefined) throw unknownName('unknown format', name, FORMAT_NAMES, FORMAT_NAMES.join(', '));
  return format;
}

function forced(path: string, format: PolicyFormat, places: readonly Place[]): PolicyFile {
  const [root] = places;
  if (root === undefined) throw new InputError(`${path}: expected ${format.title}, got no object`);
  const found = format.find(places);
  return readAll(path, format, found.length > 0 ? found : [format.force(root)]);
}

function readAll(path: string, format: PolicyFormat, found: readonly Found[]): PolicyFile {
  const policies = found.map((each) => readOne(path, format, each));
  const different = policies.filter(
    ({ json }, index) => policies.findIndex((other) => JSON.stringify(other.json) === JSON.stringify(json)) === index,
  );
  // Several that say the same are one.
  const [first] = different;
  if (different.length === 1 && first !== undefined)
    return { title: format.title, policies: [{ ...first, name: null }] };
  return { title: format.title, policies: namedApart(policies) };
}

/** Two of one name are told apart by their number. */
const namedApart = (policies: readonly FilePolicy[]): readonly FilePolicy[] =>
  policies.map((policy, index) => {
    const name = policy.name ?? 'policy';
    const before = policies.slice(0, index).filter((each) => (each.name ?? 'policy') === name).length;
    return { ...policy, name: before === 0 ? name : `${name}-${before + 1}` };
  });

function readOne(path: string, format: PolicyFormat, found: Found): FilePolicy {
  const log: Log = { problems: [], missing: [], notes: [] };
  const policy: Policy = found.read(log);
  const problems = log.problems.length > 0 ? log.problems : policyProblems(policy).map(problemText);
  if (problems.length > 0) throw new InputError(`${path}: ${format.title}: ${problems.join('; ')}`);
  const missing = log.missing.length === 0 ? [] : [`not given, by ${format.library}: ${log.missing.join(', ')}`];
  return { name: found.name, json: printPolicy(policy), notes: [...log.notes, ...missing] };
}

/** Whether another format would read the very same policies. */
function alike(path: string, file: PolicyFile, format: PolicyFormat, found: readonly Found[]): boolean {
  try {
    const jsons = ({ policies }: PolicyFile): string => JSON.stringify(policies.map(({ json }) => json));
    return jsons(readAll(path, format, found)) === jsons(file);
  } catch {
    return false;
  }
}

/** The one policy of a file that was asked for by name, or the only one. Throws `UsageError` with the names that there are. */
export function policyAmong(path: string, file: PolicyFile, name: string | null): FilePolicy {
  const { policies } = file;
  const names = policies.map((each) => each.name ?? 'policy');
  if (name !== null) {
    const found = policies.find((each) => each.name === name);
    if (found !== undefined) return found;
    throw unknownName(`${path}: unknown policy`, name, names, `it has ${names.join(', ')}`);
  }
  const [only, ...others] = policies;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(
    `${path}: has ${policies.length} policies: expected ${path}#NAME, with one of ${names.join(', ')}`,
  );
}
