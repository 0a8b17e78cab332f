/** The lab beside the experiment of the AWS Architecture Blog on backoff and jitter: 22 numbers of clients, five policies. */
import { PRESETS } from '../../../../src/backoff/presets.ts';
import { compare, exactly, type Figure, meanFigure, printed } from '../comparison.ts';
import { diceOf, type Effort, type Part } from '../part.ts';
import { number, type Row, table } from '../reference.ts';
import { contest } from './contest.ts';

/** Replications of the re-derivation. */
const AGAIN = 4000;
/** Beyond so many clients a cell takes longer than a test may. */
const FEW = 50;

export const conflicts: Part = {
  name: 'conflicts',
  about:
    'writes under optimistic concurrency (aws-arch-backoff-simulator), against an independent re-derivation of 4,000 replications',
  run: (effort) =>
    cells(effort).flatMap(({ row, title, calls, times, unsound }) => [
      compare(title, 'calls', theirs(row, 'again_calls', AGAIN), calls),
      compare(title, 'time, ms', theirs(row, 'again_ms', AGAIN), times),
      compare(title, 'runs in which calls - failures is not clients', exactly(0), exactly(unsound)),
    ]),
};

/** The same runs beside two sources that nobody looked at before the first one was reproduced. */
export const conflictsAside: Part = {
  name: 'conflicts-aside',
  about: 'the same runs, against what the original program prints for 100 replications, and its classes in 1,000',
  run: (effort) =>
    cells(effort).flatMap(({ row, title, calls, times }) => [
      compare(title, 'calls (classes)', theirs(row, 'classes_calls', 1000), calls),
      compare(title, 'time, ms (classes)', theirs(row, 'classes_ms', 1000), times),
      ...(row.published_calls === ''
        ? []
        : [
            compare(title, 'calls (printed)', cutOff(row, 'calls'), calls),
            compare(title, 'time, ms (printed)', cutOff(row, 'ms'), times),
          ]),
    ]),
};

interface Cell {
  readonly row: Row;
  readonly title: string;
  readonly calls: Figure;
  readonly times: Figure;
  /** Replications in which a call is neither a success nor a failure. */
  readonly unsound: number;
}

const known = new WeakMap<Effort, readonly Cell[]>();

function cells(effort: Effort): readonly Cell[] {
  let all = known.get(effort);
  if (all === undefined) {
    all = table('conflicts')
      .filter((row) => !effort.isShort || number(row, 'clients') <= FEW)
      .map((row) => cell(row, effort));
    known.set(effort, all);
  }
  return all;
}

function cell(row: Row, { seed, replications, planted }: Effort): Cell {
  const clients = number(row, 'clients');
  const name = row.policy as keyof typeof PRESETS;
  const plain = PRESETS[name].policy;
  const policy = planted?.policy?.(plain) ?? plain;
  const calls = new Float64Array(replications);
  const times = new Float64Array(replications);
  let unsound = 0;
  for (let replication = 0; replication < replications; replication++) {
    const won = contest(clients, policy, diceOf(`${seed}/${clients}`, replication, planted));
    calls[replication] = won.calls;
    times[replication] = won.time / 1000;
    if (won.calls - won.failures !== clients) unsound++;
  }
  // The luck of one replication is known best from 4,000; of a few, a sample may show none where there is some.
  const ours = (sample: Float64Array, column: string): Figure => ({
    value: meanFigure(sample).value,
    error: number(row, `${column}_sd`) / Math.sqrt(replications),
    df: AGAIN - 1,
  });
  const title = `${clients} clients, ${name}`;
  return { row, title, calls: ours(calls, 'again_calls'), times: ours(times, 'again_ms'), unsound };
}

/** A mean that is printed with three decimals. */
const theirs = (row: Row, column: string, replications: number): Figure =>
  printed(
    {
      value: number(row, column),
      error: number(row, `${column}_sd`) / Math.sqrt(replications),
      df: replications - 1,
    },
    0.001,
  );

/** A mean over 100 replications of which only the integer was printed: on average half of one is missing. */
const cutOff = (row: Row, figure: 'calls' | 'ms'): Figure =>
  printed(
    {
      value: number(row, `published_${figure}`) + 0.5,
      error: number(row, `again_${figure}_sd`) / Math.sqrt(100),
      df: Number.POSITIVE_INFINITY,
    },
    1,
  );
