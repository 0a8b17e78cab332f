/** Where the document of an experiment goes: standard output and files. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import pc from 'picocolors';
import { inTheWay, shortest } from '../../explore/folder.ts';
import type { LabDocument } from '../../lab/experiment/document.ts';
import { warningsOf } from '../../lab/experiment/warnings.ts';
import { EXIT, OutputError, reasonOf, UsageError } from '../errors.ts';
import { writeWhole } from '../output.ts';
import { say, sayJson, tell } from '../terminal.ts';

export interface DeliverFlags {
  readonly json?: boolean;
  readonly csv?: string;
  readonly out?: string;
}

/** Refuses what cannot be written to, before hours are spent on it. */
export function checkDelivered({ csv, out }: DeliverFlags): void {
  for (const [flag, path, isFolder] of [
    ['--csv', csv, false],
    ['--out', out, true],
  ] as const) {
    if (path === undefined) continue;
    const what = isFolder ? 'a folder' : 'a file';
    if (path === '') throw new UsageError(`${flag}: expected ${what}, got ""`);
    const file = inTheWay(resolve(isFolder ? path : dirname(path)));
    if (file !== null) throw new UsageError(`${flag} ${path}: expected a folder, but ${shortest(file)} is a file`);
    const folder = nearest(resolve(isFolder ? path : dirname(path)));
    try {
      accessSync(existsSync(path) && !isFolder ? path : folder, constants.W_OK);
    } catch (error) {
      throw new OutputError(`${flag} ${path}: cannot be written (${reasonOf(error)})`);
    }
    if (!isFolder && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false))
      throw new UsageError(`${flag} ${path}: expected a file, but it is a folder`);
  }
}

/** The folder that is there, on the way to one that is to be made. */
const nearest = (path: string): string => (existsSync(path) || dirname(path) === path ? path : nearest(dirname(path)));

/** What is printed, then files: a full disk must not take the figures with it. */
export async function deliver(
  document: LabDocument,
  tables: string,
  flags: DeliverFlags,
  machine: { readonly workers: number; readonly seconds: number },
  below: readonly string[] = [],
): Promise<void> {
  if (flags.json) sayJson(document);
  else say([tables, ...document.words, ...warningLines(document), ...below, again(document)].join('\n\n'));
  const { csv, out } = flags;
  if (csv === undefined && out === undefined) return;
  if (csv !== undefined) {
    const { tablesOf } = await import('../../lab/output/tables.ts');
    const [values] = tablesOf(document);
    writeWhole(csv, [...(values?.lines() ?? [])].join(''));
  }
  if (out !== undefined) {
    const { writeLabFolder } = await import('../../lab/output/folder.ts');
    const { path, manifest } = await writeLabFolder(document, out, { ...machine, at: new Date().toISOString() });
    tell(`${manifest.files.length + 1} files are in ${path}`);
  }
}

/** One line for each pathology that was seen. */
const warningLines = (document: LabDocument): readonly string[] => {
  const lines = warningsOf(document).map(({ storm, contender, states }) =>
    pc.yellow(`warning: ${contender}${document.storms.length > 1 ? ` (${storm})` : ''}: ${states}`),
  );
  return lines.length === 0 ? [] : [lines.join('\n')];
};

const again = ({ command, seed, fidelity, stopped }: LabDocument): string =>
  [
    `${pc.dim('again:')} ${command}${command.includes('--seed') ? '' : ` --seed ${seed}`}`,
    ...(fidelity === 'universe' ? ['made in the full universe'] : []),
    ...(stopped === null ? [] : [pc.yellow(`stopped early (${stopped}): figures of what was done until then`)]),
  ].join('\n');

/** What a document comes to for whoever called. */
export const exitOf = ({ stopped }: Pick<LabDocument, 'stopped'>): number =>
  stopped === 'interrupted' ? EXIT.interrupted : stopped === 'budget' ? EXIT.budget : EXIT.holds;
