/**
 * The figures of the session protocol, in the order of documents: each is an object that says what is taken from the
 * protocol's shared folds, and where it stands. To add one, fold it (`measure.ts`) and write it here.
 */
import type { MeasuredFigure, Readings, Statistic, Terms, Unit } from '../../figures/figure.ts';
import type { Figures } from './measured.ts';

type Taken<S extends Statistic> = (figures: Figures) => Readings[S];
/** Where it stands, if that is not what its name says. */
type Places = Pick<Terms, 'column' | 'cellColumn' | 'document' | 'perRun' | 'headline'>;

/** `document` says what stands in metrics: nothing else could follow from names that were there before. */
function measured<S extends Statistic>(
  statistic: S,
  unit: Unit,
  name: string,
  states: string,
  of: Taken<S>,
  places: Places = {},
): MeasuredFigure<Figures, S> {
  return { name, states, unit, statistic, of, column: null, cellColumn: null, perRun: null, ...places };
}

const time = (
  name: string,
  of: Taken<'p95'>,
  states: string,
  places: Places = {},
  statistic: 'p95' | 'mean' = 'p95',
): MeasuredFigure => measured(statistic, 'us', name, states, of, places) as MeasuredFigure;

const total = (name: string, of: Taken<'sum'>, states: string, places: Places = {}): MeasuredFigure =>
  measured('sum', 'count', name, states, of, places) as MeasuredFigure;

const share = (name: string, of: Taken<'share'>, states: string, places: Places): MeasuredFigure =>
  measured('share', 'percent', name, states, of, places) as MeasuredFigure;

const most = (name: string, unit: Unit, of: Taken<'max'>, states: string, places: Places): MeasuredFigure =>
  measured('max', unit, name, states, of, places) as MeasuredFigure;

const growth = (name: string, of: Taken<'ratio'>, states: string): MeasuredFigure =>
  measured('ratio', 'percent', name, states, of, { document: null }) as MeasuredFigure;

/** A share under the names that its parts have. */
const parts = (part: string, whole: string) => (sum: { part: number; whole: number }) => ({
  [whole]: sum.whole,
  [part]: sum.part,
});
/** A peak that is 0 where there was nothing to measure. */
const peakAs = (key: string) => (sum: { peak: number }) => ({ [key]: sum.peak });
const percent = (part: number, whole: number): number | null => (whole === 0 ? null : (part / whole) * 100);

export const FIGURES = {
  completion: share(
    'completion',
    ({ streamsCompleted: part, streamsOwed: whole }) => ({ part, whole }),
    'streams that complete, of those owed',
    {
      column: 'complete %',
      cellColumn: 'complete %',
      document: ({ part, whole }: { part: number; whole: number }) => ({
        completion_percent: percent(part, whole),
        ...parts('streams_completed', 'streams_owed')({ part, whole }),
      }),
      perRun: { key: 'streams_missing', runsWith: 'a missing stream' },
    },
  ),
  integrity: share(
    'integrity',
    ({ streamsIntact: part, streamsCompleted: whole }) => ({ part, whole }),
    'streams that are byte for byte what was produced, of those complete',
    {
      column: 'intact %',
      document: ({ part, whole }: { part: number; whole: number }) => ({ integrity_percent: percent(part, whole) }),
      perRun: { key: 'streams_spoiled', runsWith: 'a spoiled stream' },
    },
  ),
  streamsLost: total('streams-lost', ({ streamsLost }) => streamsLost, 'streams that ended with their session', {
    perRun: { key: 'streams_lost', runsWith: 'a lost stream' },
  }),
  connect: time(
    'connect',
    ({ connect }) => connect,
    'from the start of an application to its first WELCOME',
    {},
    'mean',
  ),
  contextRestored: time(
    'context-restored',
    ({ contextRestored }) => contextRestored,
    'from the opening of a connection to the application having its context back',
  ),
  contextBrief: time('context-brief', ({ contextBrief }) => contextBrief, 'the same after an outage below 30 s'),
  contextMedium: time(
    'context-medium',
    ({ contextMedium }) => contextMedium,
    'the same after an outage of 30 s to 5 min',
  ),
  stateRestored: time(
    'state-restored',
    ({ stateRestored }) => stateRestored,
    'context restored by another server process than before',
  ),
  reconnect: time('reconnect', ({ reconnect }) => reconnect, 'from the loss of a connection to the next WELCOME', {
    column: 'reconnect',
    cellColumn: 'reconnect',
    perRun: { key: 'reconnect_us' },
  }),
  resume: time('resume', ({ resume }) => resume, 'from that WELCOME to the last REPLAY_END', {
    column: 'resume',
    perRun: { key: 'resume_us' },
  }),
  streamResumed: time(
    'stream-resumed',
    ({ streamResumed }) => streamResumed,
    'from that WELCOME to the first new byte of an unfinished stream',
  ),
  recovery: time(
    'recovery',
    ({ recovery }) => recovery,
    'from the loss of a connection to the first new byte for the application',
    { column: 'recovery', cellColumn: 'recovery', perRun: { key: 'recovery_us' }, headline: true },
  ),
  graceful: time(
    'graceful',
    ({ graceful }) => graceful,
    'from the notice of a drain to the client being live elsewhere',
  ),
  emergency: time(
    'emergency',
    ({ emergency }) => emergency,
    'from the death of a server to the recovery of its client',
  ),
  rolling: time(
    'rolling',
    ({ rolling }) => rolling,
    'time without service of a client while all servers are replaced in turn',
  ),
  recovered: share(
    'recovered',
    ({ recovered: part, recoverable: whole }) => ({ part, whole }),
    'outages recovered from, of those that could be',
    { document: parts('outages_recovered', 'outages_recoverable') },
  ),
  timeouts: share(
    'timeouts',
    ({ deadlinesKept: part, deadlinesPassed: whole }) => ({ part, whole }),
    'deadlines acted on at their time, of those that passed',
    { document: parts('deadlines_kept', 'deadlines_passed') },
  ),
  backoff: most(
    'backoff',
    'us',
    ({ longestWait: peak, disconnects: samples }) => ({ peak, samples }),
    'the longest wait before a retry',
    { document: (sum: { peak: number }) => ({ longest_wait_ms: sum.peak / 1000 }) },
  ),
  peakBuffer: most('peak-buffer', 'bytes', ({ peakBufferBytes }) => peakBufferBytes, 'most bytes one connection held', {
    column: 'buffer',
    document: peakAs('peak_buffer_bytes'),
    perRun: { key: 'peak_buffer_bytes' },
  }),
  buffers: most(
    'buffers',
    'bytes',
    ({ peakTogetherBytes }) => peakTogetherBytes,
    'most bytes that all connections together held',
    { cellColumn: 'buffers', document: peakAs('peak_together_bytes') },
  ),
  buffersOverTime: measured(
    'series',
    'bytes',
    'buffers-over-time',
    'most bytes that all connections held, by step of time',
    ({ buffers }) => buffers,
    { document: 'buffers' },
  ) as MeasuredFigure,
  bytesResent: share(
    'bytes-resent',
    ({ bytesResent: part, bytesSent: whole }) => ({ part, whole }),
    'bytes that servers sent again, of those that they sent',
    {
      column: 'resent %',
      document: ({ part, whole }: { part: number; whole: number }) => ({
        ...parts('bytes_resent', 'bytes_sent')({ part, whole }),
        resent_percent: percent(part, whole),
      }),
      perRun: { key: 'bytes_resent', unit: 'bytes', take: ({ part }: { part: number }) => part },
    },
  ),
  resent: most(
    'resent',
    'percent',
    ({ resentPermille, disconnects: samples }) => ({ peak: resentPermille / 10, samples }),
    "most bytes of a stream sent again after one disconnect, of the window in flight (the client's credit)",
    { document: null },
  ),
  disconnects: total('disconnects', ({ disconnects }) => disconnects, 'connections that clients lost'),
  dials: total('dials', ({ dials }) => dials, 'dials of clients'),
  arrivals: total('arrivals', ({ arrivals }) => arrivals, 'handshakes that reached servers'),
  refusals: total('refusals', ({ refusals }) => refusals, 'handshakes that servers refused'),
  admitted: total('admitted', ({ admitted }) => admitted, 'connections that servers welcomed'),
  peakDials: most('peak-dials-1s', 'count', ({ peakDials1s }) => peakDials1s, 'most dials of clients in one second', {
    document: peakAs('peak_dials_1s'),
  }),
  peakArrivals: most(
    'peak-arrivals-1s',
    'count',
    ({ peakArrivals1s }) => peakArrivals1s,
    'most arrivals at servers in one second',
    { document: peakAs('peak_arrivals_1s') },
  ),
  peakRefusals: most(
    'peak-refusals-1s',
    'count',
    ({ peakRefusals1s }) => peakRefusals1s,
    'most refusals of servers in one second',
    { document: peakAs('peak_refusals_1s') },
  ),
  peakArrivalsOfCapacity: most(
    'peak-arrivals-1s-of-capacity',
    'percent',
    ({ peakArrivalsPermille }) => (peakArrivalsPermille === 0 ? null : peakArrivalsPermille / 10),
    'most arrivals in one second, of what servers admit in one',
    {},
  ),
  errors: measured(
    'counts',
    'count',
    'errors',
    'what applications were told',
    ({ errors }) => errors,
  ) as MeasuredFigure,
  closes: measured(
    'counts',
    'count',
    'closes',
    'how connections ended for clients',
    ({ closes }) => closes,
  ) as MeasuredFigure,
  addressChange: growth(
    'address-change',
    ({ stillMean: before, movedMean: after, moves }) => ({ before, after, samples: moves, steps: moves }),
    'how much longer context takes from another address than from the same one',
  ),
  cycleSlowdown: growth(
    'cycle-slowdown',
    ({ cycleEarly: before, cycleLate: after, cycled, cyclesBetween }) => ({
      before,
      after,
      samples: cycled,
      steps: cyclesBetween,
    }),
    'how much slower each cycle of loss and recovery gets, over ten cycles or more',
  ),
  cycleMemory: growth(
    'cycle-memory',
    ({ memoryEarly: before, memoryLate: after, cycled }) => ({ before, after, samples: cycled, steps: cycled }),
    'how many more bytes connections hold at the most in the last cycles than in the first',
  ),
} as const satisfies Readonly<Record<string, MeasuredFigure>>;
