/** Workflow commands of GitHub Actions: an annotation for each broken law, with the line to paste. */
import type { ExploreDocument } from '../explore/document.ts';
import { claimInWords, claimsOf } from './claims.ts';
import { lawInWords, unjudgedIn } from './laws.ts';
import { printable } from './markup.ts';
import { seedLines } from './seeds.ts';
import { missedTargets, openTargets, rowName } from './targets.ts';
import { doubtOf, findingsOf, isRed, mustBeDocument, verdictOf } from './verdict.ts';
import { counted, inUnit, moment, notEnough } from './words.ts';

/** One command a line; nothing in a name or a message can begin another. */
export function github(document: ExploreDocument): string {
  mustBeDocument(document);
  const lines: string[] = [];
  for (const { scenario, law, message, runs, seed, at_us, event, confirmed, paste } of findingsOf(document))
    lines.push(
      command(
        'error',
        `${scenario}: ${law}`,
        `${message}\n${counted(runs, 'run')}, first with seed ${seed}${event > 0 ? ` ${moment(at_us, event)}` : ''}${confirmed === true ? '' : `; ${doubtOf(confirmed)}`}\n${[...seedLines(document, scenario, law), paste].join('\n')}`,
      ),
    );
  for (const target of missedTargets(document))
    lines.push(
      command(
        'error',
        `${target.scenario}: target ${rowName(target)}`,
        `${inUnit(target, target.value)}, promised ${target.is} ${inUnit(target, target.held)}: ${target.states}`,
      ),
    );
  for (const claim of claimsOf(document, 'never reached'))
    lines.push(
      command(
        'error',
        `${claim.scenario}: claim ${claim.name}`,
        `${claimInWords(claim, claim.of)}: ${claim.states}; what it guards is untested`,
      ),
    );
  for (const row of unjudgedIn(document, 'never tested', 'not by luck'))
    lines.push(command('error', `${row.scenario}: law ${row.law}`, lawInWords(row, row.of)));
  const open = [
    ...openTargets(document).map(
      (each) => `${each.scenario}: target ${rowName(each)}: ${notEnough(each.needed, each)}`,
    ),
    ...claimsOf(document, 'not enough seeds').map(
      (each) => `${each.scenario}: claim ${each.name}: ${claimInWords(each, each.of)}`,
    ),
    ...unjudgedIn(document, 'not enough seeds').map(
      (each) => `${each.scenario}: law ${each.law}: ${lawInWords(each, each.of)}`,
    ),
  ];
  // One annotation for all of them: GitHub shows ten of a kind, and these must not hide what is red.
  if (open.length > 0)
    lines.push(
      command('notice', `hangup: not enough seeds for ${counted(open.length, 'row')}`, shortened(open).join('\n')),
    );
  const { kind, sentence } = verdictOf(document);
  if (document.stopped !== null)
    lines.push(command('warning', 'hangup', `the sweep stopped early: ${document.stopped}`));
  lines.push(command(isRed(kind) ? 'error' : 'notice', 'hangup', sentence));
  return `${lines.join('\n')}\n`;
}

const command = (name: 'error' | 'warning' | 'notice', title: string, message: string): string =>
  `::${name} title=${property(title)}::${data(message)}`;

/** An annotation has room for a few lines; the rest stands in the report. */
const shortened = (lines: readonly string[]): readonly string[] =>
  lines.length <= SHOWN ? lines : [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} more`];

const SHOWN = 20;

/** As GitHub's own toolkit does it. */
const data = (text: string): string =>
  printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
