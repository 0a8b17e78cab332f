/** Targets: what was promised, what was measured, and where physics forbids it, with the bound that stands instead. */
import type { ExploreDocument, ScenarioDocument } from '../explore/document.ts';
import type { TargetDocument } from '../explore/target-document.ts';
import { isMissed, isOpen } from '../explore/verdict.ts';
import { inOneOrder } from '../targets/target.ts';
import { linkTo } from './anchor.ts';
import { type Markup, markup } from './markup.ts';
import { count, counted, inUnit, NOTHING, notEnough, percent } from './words.ts';

/** A row of a scenario. */
export interface PlacedTarget extends TargetDocument {
  readonly scenario: string;
}

const placed = ({ scenarios }: ExploreDocument): readonly PlacedTarget[] =>
  scenarios.flatMap(({ name, targets }) => targets.map((each) => ({ ...each, scenario: name })));

/** Rows whose figure is not what was promised, nor what was derived. */
export const missedTargets = (document: ExploreDocument): readonly PlacedTarget[] => placed(document).filter(isMissed);

/** Rows on which so few seeds cannot tell. */
export const openTargets = (document: ExploreDocument): readonly PlacedTarget[] => placed(document).filter(isOpen);

/** `recovery`, or `recovery where condition=outage` for the row of an exception. */
export const rowName = ({ name, exception }: TargetDocument): string =>
  `${name}${exception === null ? '' : ` where ${exception.cells}`}`;

/** One row a target: the worst figure of all scenarios that promise it. */
export function targetsSection(document: ExploreDocument): Markup | null {
  const rows = placed(document);
  if (rows.length === 0) return null;
  const names = inOneOrder(document.scenarios.map(({ targets }) => targets.map(({ name }) => name)));
  return markup`<section id="targets"><h2>Targets</h2>
<p class="say">What was promised, and the figure that came closest to breaking it. Where physics forbids a target (an outage that lasts longer than the target, for instance), the bound derived from policy and faults stands instead, with its reason. Every cell belongs to one row.</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="targets-caption"><table>
<caption id="targets-caption" class="sr">Targets with their bound, the worst figure, the scenario that has it, and the verdict</caption>
<thead><tr><th scope="col">Target</th><th scope="col">Promised</th><th scope="col">Verdict</th><th scope="col" class="n">Worst figure</th><th scope="col" class="wide" style="min-width:110px">Of the bound</th><th scope="col" class="wide">In scenario</th><th scope="col" class="wide">What it is</th></tr></thead>
<tbody>${names.map((name) =>
    summary(
      name,
      rows.filter((row) => row.name === name),
    ),
  )}</tbody></table></div>
${exceptions(rows.filter(({ exception }) => exception !== null))}</section>`;
}

function summary(name: string, rows: readonly PlacedTarget[]): Markup {
  const own = rows.filter(({ exception }) => exception === null);
  const [first] = rows;
  if (first === undefined) return markup``;
  const missed = rows.filter(isMissed);
  const excepted = rows.filter(({ exception }) => exception !== null);
  // The worst of what is missed; else the one that used most of its bound.
  const candidates = missed.length > 0 ? missed : own.length > 0 ? own : rows;
  const worst = candidates.reduce((most, each) => (used(each) > used(most) ? each : most));
  const open = rows.filter(isOpen);
  const silent = rows.every(({ value }) => value === null);
  const [only] = open;
  const state =
    open.length === rows.length && only !== undefined
      ? markup`<span class="few">○ ${rows.length === 1 ? notEnough(only.needed, only) : 'not enough seeds'}</span>`
      : missed.length > 0
        ? markup`<span class="bad">✕ missed</span> <span class="dim">in ${new Set(missed.map(({ scenario }) => scenario)).size} of ${new Set(rows.map(({ scenario }) => scenario)).size}</span>`
        : open.length > 0
          ? markup`<span class="ok">✓ met</span> <span class="dim">in ${rows.length - open.length} of ${counted(rows.length, 'row')},</span> <span class="few">○ not enough seeds in ${open.length}</span>`
          : markup`<span class="ok">✓ met</span> <span class="dim">${excepted.length > 0 ? `but for ${counted(excepted.length, 'exception')}` : `in ${counted(own.length, 'scenario')}`}</span>`;
  return markup`<tr><th scope="row">${name}</th><td class="state">${promise(first, own[0]?.held ?? first.asked)}</td><td class="state">${state}</td><td class="n">${inUnit(worst, worst.value)}</td><td class="wide">${gauge(worst)}</td><td class="wide">${silent ? NOTHING : linkTo(worst.scenario)}</td><td class="more wide">${first.states}</td></tr>`;
}

/** `p95 below 2 s`. */
const promise = (target: TargetDocument, bound: number): string =>
  `${STATISTICS[target.statistic]}${target.is} ${inUnit(target, bound)}${bound !== target.asked ? ` (${inUnit(target, target.asked)} asked)` : ''}`;

const STATISTICS: Readonly<Record<TargetDocument['statistic'], string>> = {
  mean: 'mean ',
  p95: 'p95 ',
  max: 'maximum ',
  ratio: '',
  share: '',
  sum: '',
  counts: '',
  series: '',
};

/** How much of its bound a figure uses, 1 being all; for shares, which want to be large, 1 is the bound too. */
function used({ value, held, is }: TargetDocument): number {
  if (value === null) return Number.NEGATIVE_INFINITY;
  if (is === 'at least') return held <= 0 ? 0 : 2 - value / held;
  return held === 0 ? (value > 0 ? Number.POSITIVE_INFINITY : 0) : value / held;
}

/** A bar of how much of the bound is used; a share that must be 100 % has no such thing. */
function gauge(target: TargetDocument): Markup | string {
  if (target.value === null || target.is === 'at least') return '';
  const share = Math.min(1, Math.max(0, used(target)));
  return markup`<span class="gauge${isMissed(target) ? ' over' : ''}" aria-hidden="true"><i style="width:${(share * 100).toFixed(1)}%"></i></span><span class="sr">${percent(used(target) * 100)}</span>`;
}

/** Every exception with its bound, its figure and its reason: none is silent. */
function exceptions(rows: readonly PlacedTarget[]): Markup | null {
  if (rows.length === 0) return null;
  // What is out of bound stands open; the others are many, and would push everything else out of sight.
  const out = rows.filter(isMissed);
  const rest = rows.filter((row) => !isMissed(row));
  const open = rest.filter(isOpen).length;
  const within = rest.length - open;
  const others =
    rest.length === 0
      ? null
      : markup`<details><summary id="exceptions"><b>${counted(rest.length, out.length > 0 ? 'other exception' : 'exception')}</b><span class="grow">where physics forbids a target, and the bound that stands instead</span>${open > 0 ? markup`<span class="few">○ ${open} not enough seeds</span>` : null}${within > 0 ? markup`<span class="ok">✓ ${open > 0 ? within : 'all'} within their bounds</span>` : null}</summary>
${exceptionTable(rest, 'exceptions')}</details>`;
  if (out.length === 0) return others;
  return markup`<h3 id="out-of-bound"><span class="bad">✕ ${counted(out.length, 'exception')} out of bound</span></h3>${exceptionTable(out, 'out-of-bound')}${others}`;
}

const exceptionTable = (
  rows: readonly PlacedTarget[],
  label: string,
): Markup => markup`<div class="scroll" role="region" tabindex="0" aria-labelledby="${label}"><table class="wrap"><caption class="sr">Exceptions with their cells, derived bounds, figures and reasons</caption>
<thead><tr><th scope="col">Scenario</th><th scope="col">Target</th><th scope="col">Cells</th><th scope="col" class="n">Derived bound</th><th scope="col" class="n">Figure</th><th scope="col">Verdict</th><th scope="col">Why</th></tr></thead>
<tbody>${rows.map(
  (row) =>
    markup`<tr><th scope="row">${linkTo(row.scenario)}</th><td>${row.name}</td><td class="m">${cellsOf(row)}</td><td class="n">${inUnit(row, row.held)}</td><td class="n">${inUnit(row, row.value)}</td><td class="state">${verdict(row)}</td><td class="more">${row.exception?.reason ?? ''}</td></tr>`,
)}</tbody></table></div>`;

/** A line may break behind each value, and nowhere else. */
const cellsOf = ({ exception }: PlacedTarget): readonly Markup[] =>
  (exception?.cells ?? '').split(/(?<=[|, ])/).map((part) => markup`<span>${part}</span><wbr class="on">`);

const WORDS: Readonly<Record<Exclude<TargetDocument['verdict'], 'not enough seeds'>, Markup>> = {
  met: markup`<span class="ok">✓ met</span>`,
  missed: markup`<span class="bad">✕ missed</span>`,
  bound: markup`<span class="ok">✓ bound holds</span>`,
  'out of bound': markup`<span class="bad">✕ out of bound</span>`,
};
const verdict = (target: TargetDocument): Markup =>
  target.verdict === 'not enough seeds'
    ? markup`<span class="few">○ ${notEnough(target.needed, target)}</span>`
    : WORDS[target.verdict];

/** All targets of one scenario, with the whole distribution where there is one. */
export function targetTable({ name, targets }: ScenarioDocument): Markup | null {
  if (targets.length === 0) return null;
  return markup`<h3>Targets</h3><div class="scroll" role="region" tabindex="0" aria-label="Targets of ${name}"><table><caption class="sr">Targets of ${name}: bound, figure, distribution, verdict</caption>
<thead><tr><th scope="col">Target</th><th scope="col">Promised</th><th scope="col">Verdict</th><th scope="col" class="n">Figure</th><th scope="col" class="n">p50</th><th scope="col" class="n">p95</th><th scope="col" class="n">p99</th><th scope="col" class="n">Max</th><th scope="col" class="n">Samples</th><th scope="col">Where</th></tr></thead>
<tbody>${targets.map((each) => {
    const { spread } = each;
    return markup`<tr><th scope="row">${each.name}</th><td class="state">${promise(each, each.held)}</td><td class="state">${verdict(each)}</td><td class="n">${inUnit(each, each.value)}</td>${[spread?.p50, spread?.p95, spread?.p99, spread?.max].map((value) => markup`<td class="n">${inUnit(each, value ?? null)}</td>`)}<td class="n">${count(each.samples)}</td><td class="more">${each.exception === null ? '' : `${each.exception.cells}: ${each.exception.reason}`}</td></tr>`;
  })}</tbody></table></div>`;
}
