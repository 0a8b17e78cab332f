/**
 * `--policy NAME`, `--policy FILE`, and either with knobs changed: `--policy default,cap=60s,delay.base=250ms`; and
 * `--policies`, several of these in one text: `full-jitter,cap=60s,socket.io,./mine.json`.
 *
 * A file is what exists, what has the ending of one, or a slash in its path. It holds a policy of ours or the settings of a
 * client that is recognised by them; `FORMAT:FILE` says which, and `FILE#NAME` names one of several policies in it. A
 * KNOB=VALUE belongs to the policy before it.
 */
import { existsSync } from 'node:fs';
import { parsePolicy, problemText } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { InputError, UsageError } from '../cli/errors.ts';
import { shown } from '../core/shown.ts';
import { type FilePolicy, FORMAT_NAMES, type PolicyFile, policiesIn, policyAmong } from './policies/recognise.ts';
import { changeKnob, isKnob } from './policy-knobs.ts';
import { isPolicyName, type Policies, policyByName } from './policy-names.ts';
import { plainly, type Reader, type ReadFile } from './used-files.ts';

/** A policy, and the text that it was asked for by. */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** Hears what was recognised in a file, and then, line by line, what the file says and a policy cannot. */
export type Hear = (lines: readonly string[]) => void;

/**
 * The policy of that text; `more` are those of a config. Throws `UsageError` or `InputError`, with every problem of the
 * policy in one line.
 */
export function policyOf(text: string, reader: Reader = plainly, more: Policies = {}, hear: Hear = () => {}): Policy {
  const read = reader('policy');
  const [first, ...others] = membersOf(text, read, more);
  if (first === undefined) throw new UsageError('--policy: expected the name of a policy or a file, got nothing');
  // Behind one policy there are knobs only, however they are misspelt.
  const knobs = others.flatMap(({ source, knobs }) => [source, ...knobs]);
  const member = { ...first, knobs: [...first.knobs, ...knobs] };
  if (!member.isFile) return policyFrom(policyByName(member.source, more), member);
  const { path, format, name } = fileOf(member.source, read.has ?? existsSync);
  const file = policiesIn(path, read(path), format);
  const policy = policyAmong(path, file, name);
  tell(path, file, [policy], hear);
  return policyFrom(policy.json, member);
}

/**
 * The policies of a list, in its order. A file of several policies is all of them, unless it is followed by `#NAME`; knobs
 * behind it are those of each. Throws as `policyOf` does, and for two of one name.
 */
export function policiesOf(
  text: string,
  reader: Reader = plainly,
  more: Policies = {},
  hear: Hear = () => {},
): readonly NamedPolicy[] {
  const read = reader('policy');
  const members = membersOf(text, read, more);
  if (members.length === 0)
    throw new UsageError('--policies: expected policies such as full-jitter,socket.io, got nothing');
  const named = members.flatMap((member) => namedOf(member, read, more, hear));
  for (const [index, { name }] of named.entries())
    if (named.findIndex((each) => each.name === name) < index)
      throw new UsageError(`--policies: expected different policies, got ${shown(name)} twice`);
  return named;
}

function namedOf(member: Member, read: ReadFile, more: Policies, hear: Hear): readonly NamedPolicy[] {
  const called = (source: string): string => [source, ...member.knobs].join(',');
  if (!member.isFile)
    return [{ name: called(member.source), policy: policyFrom(policyByName(member.source, more), member) }];
  const { path, format, name } = fileOf(member.source, read.has ?? existsSync);
  const file = policiesIn(path, read(path), format);
  const policies = name === null ? different(file.policies) : [policyAmong(path, file, name)];
  tell(path, file, policies, hear);
  return policies.map((each) => ({
    name: called(name === null && each.name !== null ? `${member.source}#${each.name}` : member.source),
    policy: policyFrom(each.json, member),
  }));
}

/** Each policy of a file once; the first of several that are the same says so. */
function different(policies: readonly FilePolicy[]): readonly FilePolicy[] {
  const text = ({ json }: FilePolicy): string => JSON.stringify(json);
  return policies.flatMap((policy, index) => {
    if (policies.findIndex((each) => text(each) === text(policy)) < index) return [];
    const same = policies.filter((each) => each !== policy && text(each) === text(policy)).map((each) => each.name);
    return [same.length === 0 ? policy : { ...policy, notes: [`${same.join(', ')}: the same`, ...policy.notes] }];
  });
}

/** A policy of ours says nothing but itself. */
function tell(path: string, { title }: PolicyFile, policies: readonly FilePolicy[], hear: Hear): void {
  if (title === null) return;
  const lines = policies.flatMap(({ name, notes }) =>
    notes.map((note) => (policies.length > 1 && name !== null ? `${name}: ${note}` : note)),
  );
  hear([`${path}: ${title}`, ...lines]);
}

/** A policy of a list: where it comes from, and the knobs behind it. */
interface Member {
  readonly source: string;
  readonly isFile: boolean;
  readonly knobs: readonly string[];
}

/** More commas than the path of a policy has. */
const COMMAS_MOST = 16;

/** The members of a list, none for an empty text. */
function membersOf(text: string, read: ReadFile, more: Policies): readonly Member[] {
  const exists = read.has ?? existsSync;
  const pieces = text.split(',').map((piece) => piece.trim());
  if (pieces.length === 1 && pieces[0] === '') return [];
  const members: (Member & { knobs: string[] })[] = [];
  for (let at = 0; at < pieces.length; ) {
    const count = piecesOfFile(pieces.slice(at, at + COMMAS_MOST), exists, more);
    const source = pieces.slice(at, at + Math.max(1, count)).join(',');
    const last = members.at(-1);
    if (count === 0 && last !== undefined && (isKnob(source) || source === '')) last.knobs.push(source);
    else members.push({ source, isFile: count > 0 || isFileName(source, more), knobs: [] });
    at += Math.max(1, count);
  }
  return members;
}

/** How many pieces are the path of a file that exists, 0 if none are: a path may hold commas. */
function piecesOfFile(pieces: readonly string[], exists: (path: string) => boolean, more: Policies): number {
  for (let count = 1; count <= pieces.length; count++) {
    const path = pieces.slice(0, count).join(',');
    if (isFileName(path, more) && exists(fileOf(path, exists).path)) return count;
  }
  return 0;
}

const isFileName = (name: string, more: Policies): boolean =>
  !isPolicyName(name, more) &&
  (/\.(json[c5]?|ya?ml|properties|ini|conf|cfg)(#[^#/\\]*)?$|[\\/]/i.test(name) || formatOf(name) !== null);

/** The `FORMAT` of `FORMAT:FILE`. */
const formatOf = (source: string): string | null =>
  FORMAT_NAMES.find((format) => source.startsWith(`${format}:`) && source.length > format.length + 1) ?? null;

/** The parts of `FORMAT:FILE#NAME`. A path that exists is one, whatever it holds. */
function fileOf(
  source: string,
  exists: (path: string) => boolean,
): { readonly path: string; readonly format: string | null; readonly name: string | null } {
  if (exists(source)) return { path: source, format: null, name: null };
  const format = formatOf(source);
  const rest = format === null ? source : source.slice(format.length + 1);
  const hash = rest.lastIndexOf('#');
  if (exists(rest) || hash <= 0) return { path: rest, format, name: null };
  return { path: rest.slice(0, hash), format, name: rest.slice(hash + 1) };
}

function policyFrom(json: unknown, { source, isFile, knobs }: Member): Policy {
  for (const knob of knobs) changeKnob(json, knob);
  const parsed = parsePolicy(json);
  if (parsed.ok) return parsed.policy;
  const problems = `--policy ${source}: ${parsed.problems.map(problemText).join('; ')}`;
  throw isFile && knobs.length === 0 ? new InputError(problems) : new UsageError(problems);
}
