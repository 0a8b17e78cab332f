/** The lab beside the experiment of the AWS Architecture Blog on backoff and jitter: 22 numbers of clients, five policies. */
import { PRESETS } from '../../../../src/backoff/presets.ts';
import { Luck } from '../../../lab/storm/luck.ts';
import { type Comparison, compare, type Figure, meanFigure, printed } from '../comparison.ts';
import type { Effort, Part } from '../part.ts';
import { number, type Row, table } from '../reference.ts';
import { contest } from './contest.ts';

/** Means and deviations are printed with three decimals. */
const UNIT = 0.001;
const REPLICATIONS = 4000;
/** Beyond so many clients a cell takes longer than a test may. */
const FEW = 50;

export const conflicts: Part = {
  name: 'conflicts',
  about:
    'writes under optimistic concurrency (aws-arch-backoff-simulator), against an independent re-derivation of 4,000 replications',
  run: (effort) =>
    table('conflicts')
      .filter((row) => !effort.isShort || number(row, 'clients') <= FEW)
      .flatMap((row) => cell(row, effort)),
};

function cell(row: Row, { seed, replications }: Effort): readonly Comparison[] {
  const clients = number(row, 'clients');
  const name = row.policy as keyof typeof PRESETS;
  const calls = new Float64Array(replications);
  const times = new Float64Array(replications);
  let unsound = 0;
  for (let replication = 0; replication < replications; replication++) {
    const won = contest(clients, PRESETS[name].policy, new Luck(`${seed}/${clients}`, replication));
    calls[replication] = won.calls;
    times[replication] = won.time / 1000;
    if (won.calls - won.failures !== clients) unsound++;
  }
  const title = `${clients} clients, ${name}`;
  return [
    compare(title, 'calls', again(row, 'calls'), meanFigure(calls)),
    compare(title, 'time, ms', again(row, 'ms'), meanFigure(times)),
    compare(title, 'runs in which calls - failures is not clients', meanFigure([0]), meanFigure([unsound])),
  ];
}

const again = (row: Row, figure: string): Figure =>
  printed(
    {
      value: number(row, `again_${figure}`),
      error: number(row, `again_${figure}_sd`) / Math.sqrt(REPLICATIONS),
      df: REPLICATIONS - 1,
    },
    UNIT,
  );
