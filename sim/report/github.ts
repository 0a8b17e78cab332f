/** Workflow commands of GitHub Actions: an annotation for each broken law, with the line to paste. */
import type { ExploreDocument } from '../explore/document.ts';
import { printable } from './markup.ts';
import { inUnit, missedTargets } from './targets.ts';
import { doubtOf, findingsOf, verdictOf } from './verdict.ts';
import { counted } from './words.ts';

/** One command a line; nothing in a name or a message can begin another. */
export function github(document: ExploreDocument): string {
  const lines: string[] = [];
  for (const { scenario, law, message, runs, seed, confirmed, paste } of findingsOf(document))
    lines.push(
      command(
        'error',
        `${scenario}: ${law}`,
        `${message}\n${counted(runs, 'run')}, first with seed ${seed}${confirmed === true ? '' : `; ${doubtOf(confirmed)}`}\n${paste}`,
      ),
    );
  for (const target of missedTargets(document))
    lines.push(
      command(
        'error',
        `${target.scenario}: target ${target.name}`,
        `${inUnit(target, target.value)}, promised ${target.is} ${inUnit(target, target.held)}: ${target.states}`,
      ),
    );
  for (const { name, sometimes } of document.scenarios)
    for (const claim of sometimes)
      if (claim.runs === 0)
        lines.push(
          command('warning', `${name}: ${claim.name} was never reached`, `${claim.states}: what it guards is untested`),
        );
  const { kind, sentence } = verdictOf(document);
  if (document.stopped !== null)
    lines.push(command('warning', 'hangup', `the sweep stopped early: ${document.stopped}`));
  lines.push(command(kind === 'holds' || kind === 'partial' ? 'notice' : 'error', 'hangup', sentence));
  return `${lines.join('\n')}\n`;
}

const command = (name: 'error' | 'warning' | 'notice', title: string, message: string): string =>
  `::${name} title=${property(title)}::${data(message)}`;

/** As GitHub's own toolkit does it. */
const data = (text: string): string =>
  printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
