/** What a stranger must see in five seconds: whether all is well, and if not, what to paste. */
import { shown } from '../core/shown.ts';
import type { BrokenDocument, ExploreDocument } from '../explore/document.ts';
import { anchor, linkTo } from './anchor.ts';
import { chips } from './chips.ts';
import { claimsOf } from './claims.ts';
import { unjudgedIn } from './laws.ts';
import { type Markup, markup } from './markup.ts';
import { seedLines } from './seeds.ts';
import { missedTargets, openTargets, rowName } from './targets.ts';
import { count, counted, excludedBy, inUnit, moment, NONE_PROMISED, notBegun } from './words.ts';

export type VerdictKind = 'broken' | 'ended' | 'budget' | 'missed' | 'partial' | 'open' | 'holds';

/** Kinds that fail a sweep: what is red here has an exit code that is not 0. */
export const isRed = (kind: VerdictKind): boolean =>
  kind === 'broken' || kind === 'ended' || kind === 'budget' || kind === 'missed';

export interface Verdict {
  readonly kind: VerdictKind;
  /** One sentence without its full stop. */
  readonly sentence: string;
}

interface Finding extends BrokenDocument {
  readonly scenario: string;
  /** All its seeds, a line for each cause, as far as there is room. */
  readonly seeds?: readonly string[];
}

/** What stands in a law's place for a run that ended in none. */
const LAWLESS: readonly string[] = ['budget', 'threw', 'crashed', 'nondeterministic'];

export const isLaw = (name: string): boolean => !LAWLESS.includes(name);

/** What is doubtful about a finding that no second run confirmed. */
export const doubtOf = (confirmed: false | null): string =>
  confirmed === null
    ? 'not confirmed: there was no second run'
    : 'a second run had another digest: this is nondeterminism';

/** The first failure of each law of each scenario. */
export const findingsOf = (document: ExploreDocument): readonly Finding[] =>
  document.scenarios.flatMap(({ name, broken }) =>
    broken.map((each) => ({ ...each, scenario: name, seeds: seedLines(document, name, each.law) })),
  );

/** Throws in one line for what is no document of a sweep: these calls are anybody's. */
export function mustBeDocument(document: unknown): void {
  if (!Array.isArray((document as ExploreDocument | null | undefined)?.scenarios))
    throw new Error(`expected the document of a sweep, as documentOf() gives it, got ${shown(document)}`);
}

export function verdictOf(document: ExploreDocument): Verdict {
  mustBeDocument(document);
  const { scenarios, stopped } = document;
  const runs = scenarios.reduce((sum, each) => sum + each.runs, 0);
  const findings = findingsOf(document);
  const laws = new Set(findings.map(({ law }) => law).filter(isLaw));
  const hit = new Set(findings.map(({ scenario }) => scenario));
  const where = `${hit.size} of ${counted(scenarios.length, 'scenario')}`;
  if (laws.size > 0)
    return { kind: 'broken', sentence: `${counted(laws.size, 'law is', 'laws are')} broken in ${where}` };
  if (findings.some(({ law }) => law !== 'budget'))
    return { kind: 'ended', sentence: `Runs threw, crashed or were nondeterministic in ${where}` };
  if (stopped === 'crashes') return { kind: 'ended', sentence: 'No worker process lived to the end of a run' };
  if (findings.length > 0) return { kind: 'budget', sentence: `Runs ended out of budget in ${where}` };
  const missed = [
    ...some(missedTargets(document).length, 'target is missed', 'targets are missed'),
    ...some(claimsOf(document, 'never reached').length, 'claim never came true', 'claims never came true'),
    ...some(
      unjudgedIn(document, 'never tested').length,
      'law was never put to the test',
      'laws were never put to the test',
    ),
    ...some(
      unjudgedIn(document, 'not by luck').length,
      'law is broken by all runs together',
      'laws are broken by all runs together',
    ),
  ];
  if (missed.length > 0)
    return { kind: 'missed', sentence: `No law is broken in any run, but ${missed.join(' and ')}` };
  if (runs === 0 && stopped === 'running') return { kind: 'partial', sentence: 'No run has come to its end yet' };
  if (runs === 0) return { kind: stopped === 'interrupted' ? 'partial' : 'budget', sentence: 'Nothing was run' };
  const begun = scenarios.filter((each) => each.runs > 0).length;
  const share = begun < scenarios.length ? `${begun} of ` : '';
  const all = `Every law holds in ${counted(runs, 'run')} of ${share}${counted(scenarios.length, 'scenario')}`;
  if (stopped !== null) return { kind: 'partial', sentence: `${all} so far` };
  const open =
    openTargets(document).length +
    claimsOf(document, 'not enough seeds').length +
    unjudgedIn(document, 'not enough seeds').length;
  if (open === 0) return { kind: 'holds', sentence: all };
  return {
    kind: 'open',
    sentence: `${all}; not enough seeds for ${open} of ${counted(judged(document), 'other verdict')}`,
  };
}

const some = (number: number, one: string, many: string): readonly string[] =>
  number === 0 ? [] : [counted(number, one, many)];

/** Targets, exceptions and claims: what a sweep judges besides its laws. */
const judged = (document: ExploreDocument): number =>
  document.scenarios.reduce((sum, { targets, sometimes }) => sum + targets.length + sometimes.length, 0) +
  unjudgedIn(document, 'not enough seeds').length;

const BADGES: Readonly<Record<VerdictKind, string>> = {
  broken: '✕ Broken',
  ended: '✕ Threw or crashed',
  budget: '✕ Out of budget',
  missed: '✕ Promise missed',
  partial: '… Partial',
  open: '○ Holds so far',
  holds: '✓ Holds',
};

/** Findings that stand in the verdict; the others are in the details of their scenarios. */
const SHOWN = 6;

export function verdictBand(document: ExploreDocument): Markup {
  const { kind, sentence } = verdictOf(document);
  const findings = findingsOf(document);
  const rest = findings.slice(SHOWN);
  return markup`<header class="verdict ${kind}" id="verdict"><h1><span class="badge">${BADGES[kind]}</span><span>${sentence}</span></h1>
${chips(document)}
${
  findings.length === 0
    ? null
    : markup`<ul class="find" aria-label="Broken laws, each with the line that replays it">${findings.slice(0, SHOWN).map((each) => markup`<li>${finding(each)}</li>`)}</ul>`
}${
  rest.length === 0
    ? null
    : markup`<p>${rest.length} more: ${rest.map(
        ({ scenario, law }, i) => markup`${i > 0 ? ', ' : ''}<a href="#${anchor(scenario)}">${scenario}: ${law}</a>`,
      )}</p>`
}<p>${footing(document)}</p>${doubts(document)}</header>`;
}

/** What the verdict rests on. */
function footing(document: ExploreDocument): Markup {
  const { scenarios, stopped } = document;
  const runs = scenarios.reduce((sum, each) => sum + each.runs, 0);
  const unbegun = notBegun(scenarios.map((each) => each.runs));
  const sentences: Markup[] = [];
  if (stopped === 'running') sentences.push(markup`The sweep is under way, and these figures grow. `);
  else if (stopped !== null)
    sentences.push(
      markup`The sweep stopped early (${STOPPED[stopped] ?? stopped}): ${unbegun === '' ? '' : `${unbegun}, and `}the figures are partial. `,
    );
  if (findingsOf(document).length > 0)
    sentences.push(markup`Each line to paste shows that very run again, event by event. `);
  else if (excludedBy(runs) !== '') sentences.push(markup`By so many clean runs, ${excludedBy(runs)}. `);
  const missed = missedTargets(document);
  const unreached = claimsOf(document, 'never reached');
  const targets = scenarios.flatMap((each) => each.targets);
  const derived = targets.filter(({ exception }) => exception !== null).length;
  if (targets.length === 0 && runs > 0) sentences.push(markup`No target is judged: ${NONE_PROMISED}. `);
  if (missed.length === 0 && targets.length > 0)
    sentences.push(
      markup`No target is missed, of ${count(targets.length)}${derived > 0 ? ` (${count(derived)} of them by a bound derived for cells in which physics forbids the target)` : ''}. `,
    );
  if (missed.length > 0)
    sentences.push(
      markup`<a href="#targets"><b>${counted(missed.length, 'target is', 'targets are')} missed</b></a>: ${few(
        missed.map(
          (each) =>
            `${rowName(each)} in ${each.scenario} (${inUnit(each, each.value)}, bound ${inUnit(each, each.held)})`,
        ),
      )}. `,
    );
  if (unreached.length > 0)
    sentences.push(
      markup`<span class="bad">✕ ${counted(unreached.length, 'claim')} never came true</span> (${few(unreached.map(({ scenario, name }) => `${name} in ${scenario}`))}): what ${unreached.length === 1 ? 'it guards' : 'they guard'} is untested. `,
    );
  const untested = unjudgedIn(document, 'never tested');
  if (untested.length > 0)
    sentences.push(
      markup`<span class="bad">✕ ${counted(untested.length, 'law was', 'laws were')} never put to the test</span> (${few(untested.map(({ scenario, law }) => `${law} in ${scenario}`))}). `,
    );
  const unlucky = unjudgedIn(document, 'not by luck');
  if (unlucky.length > 0)
    sentences.push(
      markup`<span class="bad">✕ ${counted(unlucky.length, 'law is', 'laws are')} broken by all runs together</span> (${few(unlucky.map(({ scenario, law, because }) => `${law} in ${scenario}: ${because}`))}). `,
    );
  return markup`${sentences}`;
}

/** What nobody could judge, by name: it is said, and a reader with a failing seed need not read it first. */
function doubts(document: ExploreDocument): Markup | null {
  const sentences: Markup[] = [];
  const silent = unjudgedIn(document, 'nothing to judge');
  if (silent.length > 0)
    sentences.push(
      markup`${counted(silent.length, 'law was', 'laws were')} not judged, for there was nothing to judge: ${few(silent.map(({ scenario, law }) => `${law} in ${scenario}`))}. `,
    );
  const unseen = claimsOf(document, 'not enough seeds');
  const open = [
    ...openTargets(document).map((each) => `${rowName(each)} in ${each.scenario}`),
    ...unseen.map(({ scenario, name }) => `claim ${name} in ${scenario}`),
    ...unjudgedIn(document, 'not enough seeds').map(({ scenario, law }) => `law ${law} in ${scenario}`),
  ];
  if (open.length > 0)
    sentences.push(
      markup`<span class="few">○ Not enough seeds for ${counted(open.length, 'verdict')}</span>: ${few(open)}. How many would be enough stands beside each. `,
    );
  if (sentences.length === 0) return null;
  return markup`<details class="plain"><summary>What was not judged, and why</summary><p>${sentences}</p></details>`;
}

/** The first four by name. */
const few = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;

const STOPPED: Readonly<Record<string, string>> = {
  failure: 'at the first broken law, as asked',
  budget: 'its wall time was used up',
  interrupted: 'interrupted',
  crashes: 'no worker process lived to the end of a run',
};

/** One broken law: what it says, where, and the line to paste. */
export function finding({
  scenario,
  law,
  seed,
  runs,
  at_us,
  event,
  message,
  confirmed,
  paste,
  page,
  seeds = [],
}: Finding): Markup {
  return markup`<div class="what"><span class="law">✕ ${law}</span><span class="msg">${message}</span></div>
<div class="where">${linkTo(scenario)}, seed ${page === undefined ? markup`<span class="m">${seed}</span>` : markup`<a class="m" href="${encodeURI(page)}">${seed}: its replay page</a>`}${event > 0 ? `, ${moment(at_us, event)}` : ''}; ${counted(runs, 'run')} in all; ${
    confirmed === true ? 'confirmed by a second run' : markup`<span class="flaky">${doubtOf(confirmed)}</span>`
  }</div>
${seeds.map((line) => markup`<div class="where">${line}</div>`)}
<div class="paste"><code tabindex="0">${paste}</code><button type="button" data-copy hidden aria-label="Copy the line that replays ${scenario}, seed ${seed}">Copy</button></div>`;
}
