/**
 * JUnit XML: a suite a scenario, a test case a law, a claim and a target, so that any CI shows which promise failed where.
 * What a sweep is red for is a failure; what so few seeds cannot judge is skipped, with the seeds that would.
 */
import type { ExploreDocument, ScenarioDocument } from '../explore/document.ts';
import { EVERY_LAW, isFailing, type LawRow } from '../explore/law-verdict.ts';
import { isOpen } from '../explore/verdict.ts';
import { claimInWords } from './claims.ts';
import { lawInWords } from './laws.ts';
import { type Markup, markup, verbatim } from './markup.ts';
import { seedLines } from './seeds.ts';
import { rowName } from './targets.ts';
import { doubtOf, isLaw, isRed, mustBeDocument, verdictOf } from './verdict.ts';
import { count, counted, inUnit, moment, notEnough } from './words.ts';

interface Case {
  readonly name: string;
  /** What stands inside of the test case: nothing, a failure, a skip. */
  readonly failure?: { readonly message: string; readonly body: string };
  readonly skipped?: string;
}

/** The document as JUnit XML. */
export function junit(document: ExploreDocument): string {
  mustBeDocument(document);
  const suites = document.scenarios.map((scenario) => ({ scenario, cases: casesOf(scenario, document) }));
  const all = suites.flatMap(({ cases }) => cases);
  const { kind, sentence } = verdictOf(document);
  // What is red for no row of it, as a sweep in which nothing was run, must not pass for an empty suite.
  const whole: readonly Case[] =
    isRed(kind) && all.every(({ failure }) => failure === undefined)
      ? [{ name: 'the sweep', failure: { message: sentence, body: sentence } }]
      : [];
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="hangup" ${counts([...all, ...whole])} time="${document.wall.seconds.toFixed(3)}">
${suites.map(({ scenario, cases }) => suite(document, scenario, cases))}${
  whole.length === 0
    ? null
    : markup`<testsuite name="hangup" ${counts(whole)}>
${whole.map((each) => testCase('hangup', each))}</testsuite>
`
}</testsuites>
`.markup;
}

function casesOf(
  { name: scenario, laws = [], not_judged = [], broken, budget_runs, sometimes, targets, runs }: ScenarioDocument,
  document: ExploreDocument,
): readonly Case[] {
  // A sweep may come from a version that did not list its laws: none that is broken may be left out.
  const names = [
    ...new Set([...laws, 'budget', 'threw', 'crashed', 'nondeterministic', ...broken.map(({ law }) => law)]),
  ];
  return [
    ...names.map((law): Case => {
      const found = broken.find((each) => each.law === law);
      const name = isLaw(law) ? `law ${law}` : law;
      if (found !== undefined) {
        const doubt = found.confirmed === true ? '' : `\n${doubtOf(found.confirmed)}`;
        const at = found.event > 0 ? ` ${moment(found.at_us, found.event)}` : '';
        const body = `${found.message}\nin ${counted(found.runs, 'run')} of ${count(runs)}, first with seed ${found.seed}${at}${doubt}\n${[...seedLines(document, scenario, law), found.paste].join('\n')}`;
        return { name, failure: { message: found.message, body } };
      }
      if (law === 'budget' && budget_runs > 0) {
        const message = `${counted(budget_runs, 'run')} ended out of budget`;
        return { name, failure: { message, body: message } };
      }
      const unjudged =
        not_judged.find((each) => each.law === law && isFailing(each)) ?? not_judged.find((each) => each.law === law);
      return unjudged === undefined ? { name } : { name, ...unjudgedCase(unjudged, runs) };
    }),
    ...not_judged
      .filter(({ law }) => law === EVERY_LAW)
      .map((row): Case => ({ name: EVERY_LAW, ...unjudgedCase(row, runs) })),
    ...targets.map((target): Case => {
      const name = `target ${rowName(target)}`;
      if (isOpen(target)) return { name, skipped: notEnough(target.needed, target) };
      if (target.verdict === 'met' || target.verdict === 'bound') return { name };
      const message = `${inUnit(target, target.value)}, promised ${target.is} ${inUnit(target, target.held)}`;
      return { name, failure: { message, body: `${message}\n${target.states}` } };
    }),
    ...sometimes.map((claim): Case => {
      const name = `claim ${claim.name}`;
      if (claim.verdict === 'reached') return { name };
      const message = `${claimInWords(claim, runs)}: ${claim.states}`;
      return claim.verdict === 'never reached'
        ? { name, failure: { message, body: message } }
        : { name, skipped: message };
    }),
  ];
}

/** What was judged in no run is no success; what was judged in some is. */
function unjudgedCase(row: LawRow, runs: number): Pick<Case, 'failure' | 'skipped'> {
  if (row.verdict === 'in part') return {};
  const message = lawInWords(row, runs);
  return isFailing(row) ? { failure: { message, body: message } } : { skipped: message };
}

function suite(document: ExploreDocument, { name, runs, digest }: ScenarioDocument, cases: readonly Case[]): Markup {
  const properties: readonly (readonly [string, string])[] = [
    ['version', document.version],
    ['runs', String(runs)],
    ['from', document.from],
    ['digest', digest],
    ['stopped', document.stopped ?? 'no'],
  ];
  return markup`<testsuite name="${name}" ${counts(cases)}>
<properties>${properties.map(([key, value]) => markup`<property name="${key}" value="${value}"/>`)}</properties>
${cases.map((each) => testCase(name, each))}</testsuite>
`;
}

const testCase = (scenario: string, { name, failure, skipped }: Case): Markup =>
  markup`<testcase classname="${scenario}" name="${name}"${
    failure !== undefined
      ? markup`><failure message="${oneLine(failure.message)}">${failure.body}</failure></testcase>`
      : skipped !== undefined
        ? markup`><skipped message="${oneLine(skipped)}"/></testcase>`
        : verbatim('/>')
  }
`;

/** An attribute loses its line ends anyway; a space says where they were. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

const counts = (cases: readonly Case[]): Markup =>
  markup`tests="${cases.length}" failures="${cases.filter(({ failure }) => failure !== undefined).length}" errors="0" skipped="${cases.filter(({ skipped }) => skipped !== undefined).length}"`;
