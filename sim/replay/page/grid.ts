/// <reference lib="dom" />
/** Verdicts beside the sentence: of every combination of a few faults, or of each of many taken away. A click loads one. */
import { counted } from '../../../src/count.ts';
import { el } from './dom.ts';
import type { Column, Experiments } from './experiments.ts';
import type { State } from './state.ts';

/** More columns than that are no picture any more. */
const MOST = 26;

type Load = (on: readonly boolean[]) => void;

export function grid(state: State, experiments: Experiments, load: Load): Node | null {
  const { columns, isWhole, runs } = experiments;
  const { recorded, core, faults } = state;
  if (core === null || recorded.plan.length === 0 || columns.length === 0 || columns.length > MOST) return null;
  const words = isWhole ? 'every combination' : 'each fault taken away';
  const cells = (of: (column: Column, index: number) => Node): readonly Node[] =>
    columns.map((column, i) => el('td', { class: classOf(state, experiments, column) }, of(column, i)));
  const row = (name: string, of: (column: Column, index: number) => Node): Node =>
    el('tr', {}, el('th', { scope: 'row' }, name), cells(of));
  const dot = ({ on }: Column, text: string): Node =>
    el('button', { type: 'button', tabindex: -1, 'aria-hidden': 'true', onclick: () => load(on) }, text);
  const away = ({ on }: Column): string => faults[on.indexOf(false)]?.name ?? 'none';
  return el(
    'table',
    { class: 'grid', 'aria-label': 'Verdicts of combinations of faults' },
    el('caption', {}, `${words}, ${counted(runs, 'run')}${experiments.state === 'running' ? '…' : ''}`),
    isWhole
      ? recorded.plan.map((_, i) =>
          row(`${faults[i]?.name} ${faults[i]?.recorded?.kind}`, (column) => dot(column, column.on[i] ? '●' : '○')),
        )
      : row('without', (column) => dot(column, away(column))),
    row('verdict', (column, i) => mark(state, column, i, load)),
  );
}

function classOf({ faults, recorded }: State, { accused, others, isWhole }: Experiments, { on }: Column): string {
  const is = (set: ReadonlySet<number> | null): boolean => set !== null && on.every((each, i) => each === set.has(i));
  const isGuilty = isWhole ? is(accused) || others.some(is) : (accused?.has(on.indexOf(false)) ?? false);
  const isNow =
    faults.length === on.length &&
    recorded.plan.every(
      (_, i) => faults[i]?.on === on[i] && JSON.stringify(faults[i]?.fault) === JSON.stringify(faults[i]?.recorded),
    );
  return `${isGuilty ? 'accused' : ''} ${isNow ? 'now' : ''}`;
}

function mark({ recorded, faults }: State, { on, result }: Column, index: number, load: Load): Node {
  const law = recorded.breaches[0]?.law ?? null;
  const sign =
    result === null
      ? '·'
      : result.verdict === 'holds'
        ? '✓'
        : result.verdict === 'budget'
          ? '…'
          : result.law === law
            ? '✕'
            : '✗';
  const words = on.flatMap((is, i) => (is ? [faults[i]?.name] : [])).join(', ') || 'no fault';
  const said = result === null ? 'not run yet' : result.verdict === 'holds' ? 'holds' : `${result.law} broken`;
  return el(
    'button',
    {
      ...{ type: 'button', class: sign === '✓' ? 'good' : sign === '·' ? '' : 'bad', 'data-key': `column${index}` },
      ...{ 'aria-label': `With ${words}: ${said}. Load it`, title: `${words}: ${said}`, onclick: () => load(on) },
    },
    sign,
  );
}
