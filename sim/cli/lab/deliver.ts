/** Where the document of an experiment goes: standard output and files. */
import pc from 'picocolors';
import type { LabDocument } from '../../lab/experiment/document.ts';
import { warningsOf } from '../../lab/experiment/warnings.ts';
import { EXIT } from '../errors.ts';
import { say, sayJson } from '../terminal.ts';

export interface DeliverFlags {
  readonly json?: boolean;
}

/** What is printed, then files: a full disk must not take the figures with it. */
export async function deliver(document: LabDocument, tables: string, flags: DeliverFlags): Promise<void> {
  if (flags.json) {
    sayJson(document);
    return;
  }
  say([tables, ...document.words, ...warningLines(document), again(document)].join('\n\n'));
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
