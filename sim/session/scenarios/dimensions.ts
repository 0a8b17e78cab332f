/**
 * Dimensions: what a scenario can open besides luck, and what each value turns into.
 *
 * `condition` becomes faults on the access links, `moment` the instant at which they begin (a share of the time that an
 * answer is expected to take), `size` the content of the answer, `network` the path. A scenario opens some of them; for
 * the others, and outside any cell, the functions here fall back on what it draws itself.
 */
import type { Chunk, Content, ContentKind } from '../../../src/content.ts';
import type { PathConfig } from '../../../src/link/config.ts';
import { wireBytes } from '../../../src/link/tcp/path.ts';
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, type Instant, ms, seconds, us } from '../../../src/time.ts';
import { SIZES, type Size, sized, VARIANT_COUNT } from '../../content/sized.ts';
import type { Dice } from '../../core/dice.ts';
import type { Setting } from '../../core/scenario.ts';
import type { Fault, FaultPlan } from '../../faults/plan.ts';
import type { Network } from '../../networks/network.ts';
import type { SessionWorld } from '../world.ts';
import { contentsFrom, drawNetwork } from './conditions.ts';

export { SIZES, type Size };

/**
 * How a connection fails. `clean`: an orderly end that both sides hear of. `degradation`: delay, loss and rate get worse
 * step by step, then recover. `intermittent`: several short drops. `outage`: nothing passes for a while. `asymmetric`:
 * one direction is dead, the other works.
 */
export const CONDITIONS = ['clean', 'degradation', 'intermittent', 'outage', 'asymmetric'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** When in an answer it fails; the shares are in `SHARES`. */
export const MOMENTS = ['immediate', 'early', 'middle', 'late', 'final'] as const;
export type Moment = (typeof MOMENTS)[number];

/** Wired and mobile access, as people have it; every one loses at most 1 % of its packets, so targets are judged on them. */
export const ACCESS = ['wifi', 'cable', 'dsl', 'lte', '4g', 'slow-4g', '3g', '3g-lossy'] as const;

/** Moments of a large answer, as the share of it that has arrived. */
export const SHARES_ARRIVED = ['10%', '25%', '50%', '75%', '90%', '95%+'] as const;

/** Thousandths of the answer's expected duration, both included. `immediate` is a matter of milliseconds instead. */
const SHARES: Readonly<
  Record<Exclude<Moment, 'immediate'> | (typeof SHARES_ARRIVED)[number], readonly [number, number]>
> = {
  early: [100, 250],
  middle: [400, 600],
  late: [750, 900],
  final: [950, 1000],
  '10%': [90, 110],
  '25%': [240, 260],
  '50%': [490, 510],
  '75%': [740, 760],
  '90%': [890, 910],
  '95%+': [950, 990],
};

/** `immediate`: at most so long after the first chunk. */
const IMMEDIATE = ms(100);

/** A stretch of virtual time in which something is expected to happen. */
export interface Stretch {
  readonly begins: Instant;
  readonly lasts: Duration;
}

/** The instant of a moment in a stretch; without one, anywhere in it. */
export function instantOf(dice: Dice, moment: string | undefined, { begins, lasts }: Stretch): Instant {
  if (moment === 'immediate') return (begins + dice.between('plan/moment', 0, IMMEDIATE)) as Instant;
  const [from, until] = SHARES[moment as keyof typeof SHARES] ?? [0, 1000];
  return (begins + Math.trunc((lasts * dice.between('plan/moment', from, until)) / 1000)) as Instant;
}

/**
 * When the first answer of a client is expected to stream, if nothing fails: connecting takes a round trip for the token,
 * the handshakes of the link, and one for HELLO; the question and the first chunk another one. The answer then takes as
 * long as the slowest of the agent, the path and the credit needs for it. What slow start costs when it overruns the
 * bottleneck's queue is not in it: that depends on where in its doubling the window was.
 */
export function answerOf(world: SessionWorld, client: NodeId = 'c1'): Stretch {
  const story = world.stories.find((each) => each.client === client);
  const link = world.links.find((each) => each.ends[0] === client);
  const turn = story?.turns.find((each) => each.ask >= 0);
  const content = turn === undefined ? undefined : world.contents[turn.ask % world.contents.length];
  const pace = world.agents[0];
  const { credit } = world.clients.find((each) => each.node === client) ?? {};
  if (story === undefined || link === undefined || turn === undefined || content === undefined || pace === undefined)
    return { begins: 0 as Instant, lasts: seconds(1) };
  const roundTrip = link.up.delay + link.down.delay;
  const connected = roundTrip * (2 + link.handshakeRoundTrips) + SERVICES;
  const first = (content.chunks[0] as Chunk).end;
  const begins =
    story.start +
    Math.max(turn.wait, connected) +
    roundTrip +
    pace.firstChunk +
    through(link.up, REQUESTS) +
    through(link.down, REQUESTS + first) +
    slowStart(link.down, roundTrip, first);
  const lasts = Math.max(
    content.chunks.length * pace.chunkInterval,
    through(link.down, content.bytes.length),
    credit === undefined ? 0 : credited(link.down, roundTrip, content, credit),
  );
  return { begins: begins as Instant, lasts: us(lasts) };
}

/** A round trip of a client, and how long it takes from a dial to an open connection. */
export function tripsOf({ links }: SessionWorld): { readonly trip: number; readonly handshake: number } {
  const [link] = links;
  const trip = link === undefined ? 0 : link.up.delay + link.down.delay;
  return { trip, handshake: trip * (link?.handshakeRoundTrips ?? 0) };
}

/** When a busy application talks: its turns follow each other by its own clock, whether or not it is answered. */
export function chatOf(world: SessionWorld, client: NodeId = 'c1'): Stretch {
  const { begins, lasts } = answerOf(world, client);
  const turns = world.stories.find((each) => each.client === client)?.turns ?? [];
  return { begins, lasts: us(turns.slice(1).reduce<number>((sum, { wait }) => sum + wait, lasts)) };
}

/** Microseconds that so many bytes take through the bottleneck of a path, with the headers of their segments. */
const through = ({ rate }: PathConfig, bytes: number): number =>
  rate === 0 ? 0 : Math.trunc((wireBytes(bytes) * 1_000_000) / rate);

/**
 * Microseconds that a content takes when its credit does not last for a round trip. Half of the credit must be used
 * before the client grants more, a round trip passes until that has come of it, and chunks are neither granted nor sent
 * in parts: the client hears of up to one more than half, and the server keeps one back that does not fit.
 */
function credited(path: PathConfig, roundTrip: number, { bytes, chunks }: Content, credit: number): number {
  const chunk = bytes.length / chunks.length;
  const cycle = roundTrip + through(path, Math.ceil(credit / 2 + chunk));
  return Math.trunc((bytes.length * cycle) / Math.max(chunk, credit - chunk));
}

/**
 * Microseconds in which the path is idle while a fresh connection waits for acknowledgements, as its window doubles. The
 * first acknowledgement waits for the second segment.
 */
function slowStart(path: PathConfig, roundTrip: number, bytes: number): number {
  let window = INITIAL_WINDOW;
  let idle = 0;
  for (let sent = window; sent < bytes; sent += window) {
    idle += Math.max(0, roundTrip + through(path, SEGMENT) - through(path, window));
    window *= 2;
  }
  return idle;
}

const SEGMENT = 1448;
/** Ten segments, as Linux begins. */
const INITIAL_WINDOW = 10 * SEGMENT;

/** The token's check, the claim and the store's answers on the way to WELCOME. */
const SERVICES = ms(10);

/** Bytes of the token, HELLO and the question, and of what answers them. */
const REQUESTS = 1200;

/** Codes after which a client comes back: going away, internal error, restart, too slow a reader. */
const CODES = [1001, 1011, 1012, 4008];

/** Outages, whole or one-way, last at most so long unless a scenario says otherwise. */
const OUTAGE_MAX = seconds(20);

/**
 * The faults of a condition on one access link, from `at` on; an outage lasts up to `longest`. Without a condition the
 * seed draws one.
 */
export function faultsOf(
  dice: Dice,
  condition: string | undefined,
  target: NodeId,
  at: Instant,
  longest: Duration = OUTAGE_MAX,
): FaultPlan {
  const lasts = (): Duration => us(dice.between('plan/outage', 500_000, longest));
  switch ((condition ?? dice.pick('plan/condition', CONDITIONS)) as Condition) {
    case 'clean':
      return dice.chance('plan/clean', 1, 2)
        ? [{ kind: 'cleanClose', target, at }]
        : [{ kind: 'closeCode', target, at, code: dice.pick('plan/clean', CODES) }];
    case 'degradation':
      return decay(dice, target, at);
    case 'intermittent':
      return drops(dice, target, at);
    case 'outage':
      return [{ kind: 'cut', target, at, lasts: lasts(), direction: 'both' }];
    case 'asymmetric':
      return [
        { kind: 'cut', target, at, lasts: lasts(), direction: dice.pick('plan/direction', ['up', 'down'] as const) },
      ];
  }
}

/**
 * Quality decays in four steps of equal length, stays bad for a while, and all of it is over at once. One in two also
 * loses the connection while it is bad, and the client has to come back over what is left of the path.
 */
function decay(dice: Dice, target: NodeId, at: Instant): FaultPlan {
  const lasts = dice.between('plan/decay', 1_500_000, 8_000_000);
  const worst = dice.between('plan/decay', 50, 400);
  const decaying: Fault = {
    kind: 'ramp',
    target,
    at,
    lasts: us(lasts),
    stages: 4,
    delay: ms(worst),
    loss: Math.trunc(worst / 2),
    slower: 8,
  };
  if (!dice.chance('plan/decay', 1, 2)) return [decaying];
  const lost = at + Math.trunc((lasts * dice.between('plan/decay', 500, 1000)) / 1000);
  return [decaying, { kind: 'reset', target, at: lost as Instant }];
}

/**
 * Three to six short cuts with gaps between them, so that some meet the reconnect, or the replay, of the one before. In
 * one run of three all are of one length, and silent.
 */
function drops(dice: Dice, target: NodeId, from: Instant): FaultPlan {
  const count = dice.between('plan/drops', 3, 6);
  if (dice.chance('plan/flap', 1, 3)) {
    const [off, on] = [
      us(dice.between('plan/flap', 50_000, 1_500_000)),
      us(dice.between('plan/flap', 100_000, 1_500_000)),
    ];
    return [{ kind: 'flap', target, at: from, times: count, off, on }];
  }
  const plan: Fault[] = [];
  let at: number = from;
  for (let i = 0; i < count; i++) {
    const lasts = us(dice.between('plan/drops', 50_000, 1_500_000));
    // A short cut is a delay to TCP; every other drop is heard of, as when a phone changes cells.
    if (dice.chance('plan/drops', 1, 2)) plan.push({ kind: 'reset', target, at: at as Instant });
    plan.push({ kind: 'cut', target, at: at as Instant, lasts, direction: 'both' });
    at += lasts + dice.between('plan/drops', 100_000, 1_500_000);
  }
  return plan;
}

/** The access network: `--network`, the cell's, or one of `among` that the seed draws. */
export function networkOf(setting: Setting, among?: readonly string[]): Network {
  const { network } = setting.cell;
  return drawNetwork(setting, network === undefined ? among : [network]);
}

/** One content of the cell's size, or of any: `--input`, or one of our own of that kind. */
export function contentOf(setting: Setting, kind: ContentKind, sizes: readonly Size[] = SIZES): readonly Content[] {
  const { dice, cell } = setting;
  const size = (cell.size as Size | undefined) ?? dice.pick('world/size', sizes);
  return contentsFrom(setting, [sized(kind, size, dice.between('world/variant', 0, VARIANT_COUNT - 1))]);
}
