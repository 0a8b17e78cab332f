/** Binary exponential backoff on a shared channel, beside a published simulation of IEEE 802.11 in NumPy. */

import { type Comparison, compare, type Figure, meanFigure, meanOfTheirs } from '../comparison.ts';
import { diceOf, type Effort, type Part } from '../part.ts';
import { number, type Row, table } from '../reference.ts';
import { contend, DCF, type Rounds } from './rounds.ts';

/** Ten runs of 10,000 rounds stand behind each published figure. */
const RUNS = 10;
/** And the published program was run with a hundred other seeds. */
const AGAIN = 100;
const ROUNDS = 10_000;

const FIGURES = { collisions: 'share of tries that collide', mbps: 'throughput, Mbit/s' } as const;

export const contention: Part = {
  name: 'contention',
  about: 'stations of IEEE 802.11 on one channel (DCF-NumPy-simulation), against its ten runs a cell',
  run: (effort) =>
    table('contention')
      .filter((row) => !effort.isShort || number(row, 'stations') <= 5)
      .flatMap((row) => cell(row, effort)),
};

function cell(row: Row, { seed, replications: wanted, planted }: Effort): readonly Comparison[] {
  // Each is 10,000 rounds long.
  const replications = Math.max(2, Math.ceil(wanted / 4));
  const stations = number(row, 'stations');
  const payload = number(row, 'payload');
  const shares = new Float64Array(replications);
  const rates = new Float64Array(replications);
  for (let replication = 0; replication < replications; replication++) {
    const rounds = contend(
      stations,
      ROUNDS,
      planted?.policy?.(DCF) ?? DCF,
      diceOf(`${seed}/${stations}/${payload}`, replication, planted),
    );
    shares[replication] = collisionsOf(rounds);
    rates[replication] = rateOf(rounds, payload);
  }
  const title = `${stations} stations, frames of ${payload} B`;
  return (['collisions', 'mbps'] as const).flatMap((column) => {
    const sample = meanFigure(column === 'mbps' ? rates : shares);
    const deviation = number(row, `again_${column}_sd`);
    const of = (value: number, runs: number): Figure => ({
      value,
      error: deviation / Math.sqrt(runs),
      df: AGAIN - 1,
    });
    const [published, again] = [number(row, column), number(row, `again_${column}`)];
    // The luck of one run is known best from a hundred.
    if (Number.isNaN(deviation)) {
      if (Number.isNaN(published)) return [];
      return [compare(title, FIGURES[column], meanOfTheirs(published, RUNS, sample, replications), sample)];
    }
    const ours = of(sample.value, replications);
    return [
      compare(title, FIGURES[column], of(published, RUNS), ours),
      compare(title, `${FIGURES[column]} (other seeds)`, of(again, AGAIN), ours),
    ];
  });
}

/** The mean over stations. */
function collisionsOf({ successes, collisions }: Rounds): number {
  const shares = Array.from(successes, (won, station) => collisions[station]! / (won + collisions[station]!));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** Megabits of payload a second, with times as `transmission_time` of the source has them, in whole slots of 9 us. */
function rateOf({ won, lost, idle }: Rounds, payload: number): number {
  const slot = 9;
  const sifs = 16;
  const difs = sifs + 2 * slot;
  const preamble = 16 + 24 / 24;
  const acknowledgement = preamble + (16 + 14 * 8 + 6) / 24;
  const symbols = Math.ceil((16 + (36 + payload + 4) * 8 + 6) / 288);
  const frame = preamble + (symbols * 288) / 54;
  const success = Math.ceil((difs + frame + sifs + acknowledgement) / slot);
  const collision = Math.ceil((difs + frame + 2 * sifs) / slot);
  return (won * payload * 8) / ((won * success + lost * collision + idle) * slot);
}
