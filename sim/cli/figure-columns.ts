/** Columns of tables that figures ask for: each scenario fills those of its own. */
import type { Measures } from '../explore/measures.ts';
import type { Sweep } from '../explore/sweep.ts';
import { resultOf } from '../explore/value.ts';
import { type Figure, figuresOf, isFolded, type Unit } from '../figures/figure.ts';
import { inOneOrder } from '../targets/target.ts';
import { share, shownIn, spread } from './columns.ts';

export interface Column {
  readonly heading: string;
  /** The first of the figures that stand in it. */
  readonly figure: Figure;
  show(measures: Measures): string;
}

/** Which table is meant: that of scenarios, or that of cells. */
type Place = 'column' | 'cellColumn';

function headingOf(figure: Figure, place: Place): string | null {
  const heading = figure[place];
  if (heading !== undefined || !isFolded(figure)) return heading ?? null;
  // No number tells what these are.
  if (figure.statistic === 'counts' || figure.statistic === 'series') return null;
  return figure.unit === 'percent' ? `${figure.name} %` : figure.name;
}

/** The columns of all scenarios of a sweep, in the order of their figures. */
export function columnsOf({ tallies }: Pick<Sweep, 'tallies'>, place: Place): readonly Column[] {
  const lists = [...new Set(tallies.map(({ scenario }) => scenario))].map((scenario) =>
    figuresOf(scenario).flatMap((figure) => {
      const heading = headingOf(figure, place);
      return heading === null ? [] : [{ heading, figure }];
    }),
  );
  const all = lists.flat();
  return inOneOrder(lists.map((list) => list.map(({ heading }) => heading))).map((heading) => {
    const figures = all.filter((each) => each.heading === heading).map(({ figure }) => figure);
    const show = (measures: Measures): string => {
      const figure = figures.find(({ name }) => measures.figures[name] !== undefined);
      return figure === undefined ? '-' : cell(figure, measures);
    };
    return { heading, figure: figures[0] as Figure, show };
  });
}

function cell(figure: Figure, { figures }: Measures): string {
  const sum = figures[figure.name];
  if (sum?.as === 'spread') return spread(sum, figure.unit);
  if (sum?.as === 'share') return share(sum.part, sum.whole);
  const { value } = resultOf(figure, figures);
  return value === null ? '-' : shownIn(figure.unit, value).replace(' %', '');
}

const UNITS: Readonly<Record<Unit, string>> = {
  us: ' in virtual milliseconds',
  bytes: ' in bytes',
  percent: ' in percent',
  count: '',
};

/** What stands in columns whose heading does not say it: distributions together, then peaks and means. */
export function explained(columns: readonly Column[]): string[] {
  const spreads = columns.filter(({ figure: { statistic } }) => statistic === 'p95' || statistic === 'mean');
  const distributions = [...new Set(spreads.map(({ figure }) => figure.unit))].map((unit) => {
    const headings = spreads.filter(({ figure }) => figure.unit === unit).map(({ heading }) => heading);
    return `${headings.join(', ')}: p50 p95 p99 max${UNITS[unit]}`;
  });
  const others = columns
    .filter(({ figure: { statistic } }) => statistic === 'max' || statistic === 'ratio' || statistic === 'sum')
    .map(({ heading, figure }) => `${heading}: ${figure.states}`);
  const all = [...distributions, ...others];
  return all.length === 0 ? [] : [all.join('; ')];
}
