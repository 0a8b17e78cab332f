/**
 * Attempts: every dial of a sample of clients, a lane for each policy and a row for each client. Clients that share their
 * luck of timing stand above each other, so synchronisation is a vertical stripe, and a spread herd is a cloud.
 */
import type { LabOutcome, LabTrace } from '../experiment/document.ts';
import { type LabChart, type Spec, type Swatch, specOf } from './chart.ts';
import { figure, grouped } from './figure.ts';
import { laneHeight, type Span, spanOf, stacked } from './lanes.ts';
import { light, type Token } from './palette.ts';
import { type Drawn, type Reading, tracedValue } from './reading.ts';

const LOOKS: Readonly<
  Record<LabOutcome, { readonly token: Token; readonly words: string; readonly mark: 'tick' | 'dot' }>
> = {
  down: { token: 'ink3', words: 'servers down', mark: 'tick' },
  refused: { token: 'lost', words: 'refused', mark: 'tick' },
  'timed-out': { token: 'late', words: 'timed out', mark: 'tick' },
  admitted: { token: 'data', words: 'admitted', mark: 'dot' },
};
const OUTCOMES = Object.keys(LOOKS) as LabOutcome[];

/** Dials of a lane: more would be black, and megabytes. Fewer clients are drawn then, never fewer dials of one. */
const DIALS_MOST = 4000;

interface Dial {
  readonly policy: string;
  /** Place in the sample, from 0. */
  readonly client: number;
  readonly seconds: number;
  readonly outcome: LabOutcome;
}

export function attemptsChart(reading: Reading): LabChart | null {
  const drawn = reading.shown.filter(({ id }) => (reading.trace(id)?.attempts.client.length ?? 0) > 0);
  if (drawn.length === 0) return null;
  const span = spanOf(reading);
  const height = laneHeight(drawn.length, [84, 60, 40]);
  // As many clients in each lane: a lane with half of them would look half as full.
  const clients = drawn.reduce(
    (least, who) => Math.min(least, clientsOf(reading.trace(who.id) as LabTrace, span)),
    100,
  );
  const dials = drawn.flatMap((who) => dialsOf(who, reading.trace(who.id) as LabTrace, clients, span));
  const lanes = drawn.map((who) => ({
    who,
    says: saying(reading, who),
    height,
    layer: OUTCOMES.map((outcome) => marks(who.name, outcome, clients, height)),
  }));
  const met = new Set(dials.map(({ outcome }) => outcome));
  const title = `Every dial of ${clients} clients`;
  return {
    name: 'attempts',
    title,
    says: sentence(reading, drawn, clients),
    spec: specOf({
      reading,
      title,
      notes: ['One replication of each policy; a row is a client. Stripes: clients dial together.'],
      body: stacked(reading, span, {
        lanes,
        swatches: OUTCOMES.filter((outcome) => met.has(outcome)).map((outcome): Swatch => LOOKS[outcome]),
        datasets: { dials },
      }),
    }),
    table: tableOf(reading, drawn),
  };
}

/** How many clients of the sample can be drawn. */
function clientsOf({ attempts }: LabTrace, span: Span): number {
  const dials = new Array<number>(attempts.clients).fill(0);
  for (const [nth, client] of attempts.client.entries())
    if ((attempts.seconds[nth] as number) <= span.until) dials[client] = (dials[client] ?? 0) + 1;
  let sum = 0;
  for (const [nth, own] of dials.entries()) {
    sum += own;
    if (sum > DIALS_MOST) return Math.max(1, nth);
  }
  return Math.max(1, attempts.clients);
}

function dialsOf({ name }: Drawn, { attempts }: LabTrace, clients: number, span: Span): readonly Dial[] {
  return attempts.client.flatMap((client, nth) => {
    const seconds = attempts.seconds[nth] as number;
    const shown = client < clients && seconds <= span.until;
    return shown ? [{ policy: name, client, seconds, outcome: attempts.outcome[nth] as LabOutcome }] : [];
  });
}

function marks(policy: string, outcome: LabOutcome, clients: number, height: number): Spec {
  const { token, mark } = LOOKS[outcome];
  const row = height / clients;
  const look =
    mark === 'tick'
      ? { type: 'tick', orient: 'vertical', thickness: 0.8, size: Math.max(1.2, row * 0.95) }
      : { type: 'circle', size: Math.min(14, Math.max(4, row * row * 4)) };
  return {
    data: { name: 'dials' },
    transform: [
      {
        filter: {
          and: [
            { field: 'policy', equal: policy },
            { field: 'outcome', equal: outcome },
          ],
        },
      },
    ],
    mark: { ...look, color: light(token), opacity: 1 },
    encoding: {
      x: { field: 'seconds', type: 'quantitative' },
      y: {
        field: 'client',
        type: 'quantitative',
        scale: { domain: [-0.5, clients - 0.5], nice: false, zero: false, reverse: true },
        axis: null,
      },
    },
  };
}

function countsOf({ attempts }: LabTrace): Readonly<Record<LabOutcome, number>> {
  const counts: Record<LabOutcome, number> = { down: 0, refused: 0, 'timed-out': 0, admitted: 0 };
  for (const outcome of attempts.outcome) counts[outcome]++;
  return counts;
}

/** Dials a client of that replication, or of its sample where nobody counted all. */
function saying({ trace, document }: Reading, { id }: Drawn): string {
  const own = trace(id) as LabTrace;
  const counts = countsOf(own);
  const each = (metric: string, dials: number): string =>
    figure(tracedValue(document, own, metric) ?? dials / Math.max(1, own.attempts.clients));
  const after = counts.refused + counts['timed-out'] + counts.admitted;
  return `${each('attempts_during', counts.down)} dials a client while down, ${each('attempts_after', after)} after`;
}

/** The largest share of the sampled clients that dialled within a tenth of a second of each other, since recovery. */
function together({ attempts }: LabTrace, since: number): number {
  const sorted = attempts.seconds.filter((at) => at >= since).toSorted((a, b) => a - b);
  let [most, from] = [0, 0];
  for (const [nth, at] of sorted.entries()) {
    while (at - (sorted[from] as number) > 0.1) from++;
    most = Math.max(most, nth - from + 1);
  }
  return most / Math.max(1, attempts.clients);
}

function sentence(reading: Reading, drawn: readonly Drawn[], clients: number): string {
  const shares = drawn
    .map((who) => ({ who, share: together(reading.trace(who.id) as LabTrace, reading.storm.recovery) }))
    .toSorted((a, b) => b.share - a.share);
  const [worst, best] = [shares[0], shares.at(-1)];
  if (worst === undefined || best === undefined) return '';
  const say = ({ who, share }: typeof worst): string => `${figure(share * 100)} % with ${who.name}`;
  const other = best === worst ? '' : `, ${say(best)}`;
  return `Each dial of ${clients} of ${grouped((reading.trace(worst.who.id) as LabTrace).attempts.of)} clients. Since the servers are back, as many as ${say(worst)} dial within a tenth of a second${other}.`;
}

function tableOf(reading: Reading, drawn: readonly Drawn[]): LabChart['table'] {
  return {
    caption: 'Dials of the sampled clients by what became of them; every dial is in traces/attempts.parquet.',
    columns: [
      'policy',
      'clients',
      ...OUTCOMES.map((outcome) => LOOKS[outcome].words),
      'most within 100 ms since recovery',
    ],
    rows: drawn.map((who) => {
      const own = reading.trace(who.id) as LabTrace;
      const counts = countsOf(own);
      const most = Math.round(together(own, reading.storm.recovery) * own.attempts.clients);
      return [
        who.name,
        grouped(own.attempts.clients),
        ...OUTCOMES.map((outcome) => grouped(counts[outcome])),
        grouped(most),
      ];
    }),
  };
}
