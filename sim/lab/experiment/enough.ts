/**
 * How many replications a cell gets: a number that was asked for, or as many as bring its metrics to a precision. Whoever
 * looks does so at stages that follow from the rule, so the number is the same however rows were made.
 */
import { type Precision, type Stage, stageOfAll, stagesOf } from '../statistics/stopping.ts';
import type { Cell, Values } from './experiment.ts';
import type { Rows } from './rows.ts';

export type Asked =
  | { readonly kind: 'replications'; readonly replications: number }
  | {
      readonly kind: 'precision';
      /** Of the mean, e.g. 0.02. */
      readonly relative: number;
      readonly confidence: number;
      /** No cell gets more. */
      readonly most: number;
      /** Whose intervals are to be narrow: places among a row's values, and what is narrow enough whatever the mean. */
      readonly columns: readonly { readonly place: number; readonly absolute: number }[];
    };

/** What is heard of how far a cell is. */
export interface Reached {
  readonly cell: Cell;
  /** Replications that it has, and about how many it will get. */
  readonly has: number;
  readonly expects: number;
}

/** Sees to it that every cell has its replications, from `from` on. Rejects with `Ended` when threads are ended. */
export async function enough(
  rows: Rows,
  cells: readonly Cell[],
  asked: Asked,
  from: number,
  heard: (reached: Reached) => void = () => {},
): Promise<void> {
  const first = asked.kind === 'replications' ? asked.replications : (stagesOf(bounds(asked))[0] as number);
  for (const cell of cells) heard({ cell, has: 0, expects: first });
  await Promise.all(
    cells.map(async (cell) => {
      for (let to = first; ; ) {
        await rows.upTo(cell, from + to, from);
        const stage = stageAt(rows.of(cell, from + to, from), asked);
        if (stage.ends !== null) {
          heard({ cell, has: to, expects: to });
          return;
        }
        heard({ cell, has: to, expects: expected(to, stage, asked) });
        to = stage.next;
      }
    }),
  );
}

/** Of rows that are there: as many as count, because behind a stage at which a cell was precise nobody looks. */
export function counted(rows: readonly Values[], asked: Asked): readonly Values[] {
  if (asked.kind === 'replications') return rows.slice(0, asked.replications);
  for (const stage of stagesOf(bounds(asked))) {
    if (stage > rows.length) return rows;
    const looked = rows.slice(0, stage);
    if (stageAt(looked, asked).ends !== null) return looked;
  }
  return rows;
}

function stageAt(rows: readonly Values[], asked: Asked): Pick<Stage, 'ends' | 'next' | 'relative'> {
  if (asked.kind === 'replications') return { ends: 'most', next: rows.length, relative: 0 };
  const { relative, confidence, columns } = asked;
  // Each metric has its own allowance, so each is judged by itself; they are over when all of them are.
  const stages = columns.map(({ place, absolute }) =>
    stageOfAll([rows.map((row) => row[place] as number)], { ...bounds(asked), relative, confidence, absolute }),
  );
  const open = stages.find(({ ends }) => ends === null);
  const worst = stages.reduce((most, stage) => Math.max(most, stage.ends === 'unknown' ? 0 : stage.relative), 0);
  return open === undefined
    ? { ends: stages.some(({ ends }) => ends === 'most') ? 'most' : 'precise', next: rows.length, relative: worst }
    : { ends: null, next: open.next, relative: worst };
}

/** Half-widths fall with the root of the number; what is asked for is reached at a stage. */
function expected(has: number, { relative }: Pick<Stage, 'relative'>, asked: Asked): number {
  if (asked.kind === 'replications') return asked.replications;
  const ratio = relative / asked.relative;
  const needed = Number.isFinite(ratio) ? has * ratio * ratio : asked.most;
  return stagesOf(bounds(asked)).find((stage) => stage > has && stage >= needed) ?? asked.most;
}

const bounds = ({ most }: Extract<Asked, { kind: 'precision' }>): Pick<Precision, 'most'> => ({ most });
