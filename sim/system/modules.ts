/** Modules of somebody's as nodes of a world, and what can be said of them before they run. */
import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { meant } from '../cli/names.ts';
import { isVouched } from '../core/spoken.ts';
import { type Bundle, bundle } from '../realm/bundle.ts';
import type { Part } from './definition.ts';
import { type End, type Module, mustBeThere } from './ends.ts';
import { exportsOf } from './exports.ts';
import { nodePart } from './node-part.ts';
import { pageNode } from './page-node.ts';
import type { ProcessConfig } from './process.ts';
import type { Line, Side } from './story.ts';
import { flawAtLoad } from './try-out.ts';

/** What a client is: a page, where it is a module. */
export function clientAt(end: End): Part {
  if ('part' in end) return end.part;
  const { id: _id, role: _role, starts: _starts, ...part } = pageNode('', codeOf(end.module));
  return part;
}

/** What a server is: a Node process, where it is a module. */
export const serverAt = (end: End): Part =>
  'part' in end ? end.part : nodePart(codeOf(end.module), { env: end.module.env });

/** Modules, host models and peers: tests of hangup's own have looked at what their machines say. */
export const isTested = (end: End): boolean => 'module' in end || isVouched(end.part);

/** The module, bundled by the first process that runs it: whoever only lists scenarios does not wait for that. */
const codeOf = ({ path, profile, env }: Module): Pick<Bundle, 'script' | 'place'> => ({
  get script() {
    return bundle(path, profile, env).script;
  },
  place: (text) => bundle(path, profile, env).place(text),
});

/** Their modules, each with a checksum of all that it is bundled to and of its environment. */
export const modulesAt = (ends: readonly End[]): readonly { readonly path: string; readonly sha256: string }[] =>
  ends.flatMap((end) => {
    if ('part' in end) return [];
    const { path, profile, env } = end.module;
    const names = Object.keys(env).sort();
    const all = [bundle(path, profile, env).hash, ...names.map((name) => `${name}=${env[name]}`)];
    return [{ path: relative('.', path), sha256: createHash('sha256').update(all.join('\0')).digest('hex') }];
  });

/**
 * Looks at the modules as they are on disk: each can be bundled and loaded, and exports what the story calls. Throws in one line for
 * what cannot run.
 */
export function mustBeSound(ends: Readonly<Record<Side, End>>, lines: readonly Line[]): void {
  for (const [side, end] of Object.entries(ends) as [Side, End][]) {
    const calls = lines.flatMap((line) => (line.calls.side === side ? [line.calls.name] : []));
    if ('part' in end) {
      if (end.part.exports !== undefined) mustExport(`the ${side}`, new Set(end.part.exports), calls);
      continue;
    }
    mustBeThere(end.module, side);
    bundle(end.module.path, end.module.profile, end.module.env);
    const names = exportsOf(end.module);
    if (names !== null) mustExport(end.module.given, names, calls);
    const { config } = side === 'client' ? clientAt(end) : serverAt(end);
    const flaw = flawAtLoad(config as ProcessConfig);
    // Where it is known, its place names the file already.
    if (flaw !== null) throw new Error(/^\S+:\d+:\d+: /.test(flaw) ? flaw : `${end.module.given}: ${flaw}`);
  }
}

function mustExport(what: string, names: ReadonlySet<string>, calls: readonly string[]): void {
  const stranger = calls.find((name) => !names.has(name));
  if (stranger === undefined) return;
  const all = [...names].filter((name) => name !== 'default');
  const has = all.length === 0 ? 'exports nothing that can be called' : `exports ${all.join(', ')}`;
  throw new Error(`\`story\`: calls ${stranger}, but ${what} ${has}${meant(stranger, all)}`);
}
