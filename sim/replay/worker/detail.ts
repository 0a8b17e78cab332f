/** One step looked at closely: the entry, what its machines changed, and the states behind it. */
import { visible } from '../../../src/visible.ts';
import type { Change } from '../../core/record.ts';
import type { RecordedEntry } from '../../core/trail.ts';
import type { Runs } from './runs.ts';
import type { ChangeLine, Detail, Edit } from './words.ts';

/** A run is made again up to the step; one that is so long keeps a reader waiting. */
const EVENTS = 60_000;

export function detailOf(runs: Runs, edit: Edit | null, row: number): Detail {
  const entry = runs.history(edit)[row] as RecordedEntry;
  const bare = { entry: legible(entry, 40), event: entry.event, node: entry.node, changes: [], states: [] };
  if (runs.scenario.protocol?.around !== undefined)
    return { ...bare, stateless: 'code that is not ours keeps its state to itself' };
  if (entry.event > EVENTS)
    return { ...bare, stateless: `states are shown up to event ${EVENTS} only: the run is made again for each` };
  const { opened, step } = runs.stepTo(edit, entry.event);
  try {
    const shown = [...new Set([entry.node, ...(step?.changes ?? []).map(({ node }) => node)])].filter((node) =>
      opened.nodes.includes(node),
    );
    return {
      ...bare,
      changes: (step?.changes ?? []).flatMap(linesOf),
      states: shown.map((node) => [visible(node), legible(opened.state(node), 400)] as const),
      stateless: null,
    };
  } finally {
    opened.close();
  }
}

/** So many changes of one step are listed. */
const MOST = 60;

function linesOf({ node, before, patches }: Change): readonly ChangeLine[] {
  return patches.slice(0, MOST).map(({ op, path, value }) => {
    const steps = path.slice(1);
    let was: unknown = before;
    for (const each of steps)
      was = was === null || typeof was !== 'object' ? undefined : (was as Record<string, unknown>)[each];
    return {
      node: visible(node),
      path: visible(steps.join('.')),
      before: op === 'add' ? '' : short(was),
      after: op === 'remove' ? 'gone' : short(value),
    };
  });
}

const short = (value: unknown): string => {
  const text = visible(JSON.stringify(value, plainly) ?? 'nothing');
  return text.length > 90 ? `${text.slice(0, 90)}…` : text;
};

/** JSON on lines, of which there are at most so many. */
function legible(value: unknown, lines: number): string {
  const text = (JSON.stringify(value, plainly, 1) ?? 'nothing').split('\n').map(visible);
  return text.length > lines
    ? [...text.slice(0, lines), `… ${text.length - lines} more lines`].join('\n')
    : text.join('\n');
}

/** Bytes and numbers that JSON has no word for, in words; long lists by their beginning. */
function plainly(name: string, value: unknown): unknown {
  if (name === 'config') return '(as configured)';
  if (typeof value === 'bigint') return `${value}n`;
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (value instanceof Map) return [...value];
  if (value instanceof Set) return [...value];
  if (Array.isArray(value) && value.length > 40) return [...value.slice(0, 40), `… ${value.length - 40} more`];
  return value;
}
