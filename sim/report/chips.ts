/** What a sweep judged, one chip for each sort of verdict: how many are well, how many not, how many nobody can tell yet. */
import type { ExploreDocument } from '../explore/document.ts';
import { badRunsOf } from '../explore/document.ts';
import { claimsOf } from './claims.ts';
import { unjudgedIn } from './laws.ts';
import { type Markup, markup } from './markup.ts';
import { missedTargets, openTargets } from './targets.ts';
import { count, counted } from './words.ts';

type Fate = 'ok' | 'bad' | 'few' | 'dim';

/** A sign for each, so that colour never stands alone. */
const SIGNS: Readonly<Record<Fate, string>> = { ok: '✓', bad: '✕', few: '○', dim: '·' };

interface Chip {
  readonly fate: Fate;
  readonly words: string;
  /** The section that says more. */
  readonly to: string;
}

/** Chips in the order of what a reader has to know first: what is broken before what is well. */
export function chips(document: ExploreDocument): Markup {
  const all = [...runs(document), ...laws(document), ...targets(document), ...claims(document)];
  const order: readonly Fate[] = ['bad', 'few', 'ok', 'dim'];
  const shown = order.flatMap((fate) => all.filter((chip) => chip.fate === fate));
  return markup`<ul class="chips" aria-label="What was judged">${shown.map(
    ({ fate, words, to }) => markup`<li><a class="${fate}" href="#${to}">${SIGNS[fate]} ${words}</a></li>`,
  )}</ul>`;
}

const chip = (fate: Fate, number: number, one: string, many: string, to: string): readonly Chip[] =>
  number === 0 ? [] : [{ fate, words: counted(number, one, many), to }];

function runs({ scenarios }: ExploreDocument): readonly Chip[] {
  const bad = scenarios.reduce((sum, each) => sum + badRunsOf(each), 0);
  const all = scenarios.reduce((sum, each) => sum + each.runs, 0);
  return [
    ...chip('bad', bad, 'failing run', 'failing runs', 'verdict'),
    ...chip('ok', all - bad, 'run holds', 'runs hold', 'scenarios'),
  ];
}

function laws(document: ExploreDocument): readonly Chip[] {
  const broken = new Set(document.scenarios.flatMap((each) => each.broken.map(({ law }) => law)));
  const judged = new Set(document.scenarios.flatMap((each) => each.laws ?? []));
  for (const { law } of unjudgedIn(document, 'never tested', 'not enough seeds', 'nothing to judge', 'not by luck'))
    judged.delete(law);
  for (const law of broken) judged.delete(law);
  return [
    ...chip('bad', broken.size, 'law is broken', 'laws are broken', 'verdict'),
    ...chip('bad', distinct(unjudgedIn(document, 'not by luck')), 'law beyond luck', 'laws beyond luck', 'details'),
    ...chip('bad', distinct(unjudgedIn(document, 'never tested')), 'law never tested', 'laws never tested', 'details'),
    ...chip(
      'few',
      distinct(unjudgedIn(document, 'not enough seeds')),
      'law seen too seldom',
      'laws seen too seldom',
      'details',
    ),
    ...chip('ok', judged.size, 'law holds', 'laws hold', 'scenarios'),
    ...chip(
      'dim',
      distinct(unjudgedIn(document, 'nothing to judge')),
      'law not judged somewhere',
      'laws not judged somewhere',
      'details',
    ),
  ];
}

const distinct = (rows: readonly { readonly law: string }[]): number => new Set(rows.map(({ law }) => law)).size;

function targets(document: ExploreDocument): readonly Chip[] {
  const promised = document.scenarios.reduce((sum, each) => sum + each.targets.length, 0);
  const missed = missedTargets(document).length;
  const open = openTargets(document).length;
  return [
    ...chip('bad', missed, 'target is missed', 'targets are missed', 'targets'),
    ...(open === 0
      ? []
      : [
          {
            fate: 'few' as const,
            words: `${count(open)} of ${counted(promised, 'target')}: not enough seeds`,
            to: 'targets',
          },
        ]),
    ...chip('ok', promised - missed - open, 'target is met', 'targets are met', 'targets'),
  ];
}

const claims = (document: ExploreDocument): readonly Chip[] => [
  ...chip(
    'bad',
    claimsOf(document, 'never reached').length,
    'claim never came true',
    'claims never came true',
    'details',
  ),
  ...chip('few', claimsOf(document, 'not enough seeds').length, 'claim not seen yet', 'claims not seen yet', 'details'),
  ...chip('ok', claimsOf(document, 'reached').length, 'claim came true', 'claims came true', 'details'),
];
