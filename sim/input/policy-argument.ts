/**
 * `--policy NAME`, `--policy FILE`, and either with knobs changed: `--policy default,cap=60s,delay.base=250ms`; and
 * `--policies`, several of these in one text: `full-jitter,cap=60s,socket.io,./mine.json`.
 *
 * A file is what exists, what has the ending of one, or a slash in its path. A KNOB=VALUE belongs to the policy before it.
 */
import { existsSync } from 'node:fs';
import { parsePolicy, problemText } from '../../src/backoff/parse.ts';
import type { Policy } from '../../src/backoff/policy.ts';
import { InputError, UsageError } from '../cli/errors.ts';
import { shown } from '../core/shown.ts';
import { parseJson } from './json.ts';
import { changeKnob, isKnob } from './policy-knobs.ts';
import { isPolicyName, type Policies, policyByName } from './policy-names.ts';
import { plainly, type Reader, type ReadFile } from './used-files.ts';

/** A policy, and the text that it was asked for by. */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** The policy of that text; `more` are those of a config. Throws `UsageError` or `InputError`, with every problem of the policy in one line. */
export function policyOf(text: string, reader: Reader = plainly, more: Policies = {}): Policy {
  const read = reader('policy');
  const [first, ...others] = membersOf(text, read, more);
  if (first === undefined) throw new UsageError('--policy: expected the name of a policy or a file, got nothing');
  // Behind one policy there are knobs only, however they are misspelt.
  const knobs = others.flatMap(({ source, knobs }) => [source, ...knobs]);
  return policyOfMember({ ...first, knobs: [...first.knobs, ...knobs] }, read, more);
}

/** The policies of a list, in its order. Throws as `policyOf` does, and for two of one name. */
export function policiesOf(text: string, reader: Reader = plainly, more: Policies = {}): readonly NamedPolicy[] {
  const read = reader('policy');
  const members = membersOf(text, read, more);
  if (members.length === 0)
    throw new UsageError('--policies: expected policies such as full-jitter,socket.io, got nothing');
  const named = members.map((member) => ({
    name: [member.source, ...member.knobs].join(','),
    policy: policyOfMember(member, read, more),
  }));
  for (const [index, { name }] of named.entries())
    if (named.findIndex((each) => each.name === name) < index)
      throw new UsageError(`--policies: expected different policies, got ${shown(name)} twice`);
  return named;
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
    if (isFileName(path, more) && exists(path)) return count;
  }
  return 0;
}

const isFileName = (name: string, more: Policies): boolean => /\.json$|[\\/]/i.test(name) && !isPolicyName(name, more);

function policyOfMember({ source, isFile, knobs }: Member, read: ReadFile, more: Policies): Policy {
  const json = isFile ? parseJson(source, read(source)) : policyByName(source, more);
  for (const knob of knobs) changeKnob(json, knob);
  const parsed = parsePolicy(json);
  if (parsed.ok) return parsed.policy;
  const problems = `--policy ${source}: ${parsed.problems.map(problemText).join('; ')}`;
  throw isFile && knobs.length === 0 ? new InputError(problems) : new UsageError(problems);
}
