/** What the waits of single policies are known to come to: shares at the cap, sums, and what luck makes of them on average. */
import { freshMemory, nextDelay } from '../../../../src/backoff/delay.ts';
import type { Policy } from '../../../../src/backoff/policy.ts';
import { PRESETS } from '../../../../src/backoff/presets.ts';
import { ms, us, ZERO } from '../../../../src/time.ts';
import { Luck, PURPOSE } from '../../../lab/storm/luck.ts';
import { type Comparison, compare, exactly, type Figure, meanFigure } from '../comparison.ts';
import type { Effort } from '../part.ts';

const SECOND = 1_000_000;
/** Draws for each unit of effort. */
const DRAWS = 1000;

export function waits(effort: Effort): readonly Comparison[] {
  return [...clamp(effort), ...comb(effort), ...nats(effort), ...phoenix()];
}

/** Decorrelated jitter that is cut after the draw: P(cap | s) = (3 s - cap) / (3 s - base) of the previous wait s. */
function clamp({ seed, replications }: Effort): readonly Comparison[] {
  const { policy } = PRESETS['aws-decorrelated'];
  const [base, cap] = [ms(5), ms(2000)];
  return [700, 1000, 1500, 2000].map((s) => {
    const previous = ms(s);
    const expected = (3 * previous - cap) / (3 * previous - base);
    const share = shareOf(seed, replications * DRAWS, (draw) =>
      waitOf(policy, { attempt: 5, previous }, draw) === cap ? 1 : 0,
    );
    return compare(`aws-decorrelated behind ${s} ms`, 'share that waits exactly the cap', exactly(expected), share);
  });
}

/**
 * socket.io's waits lie in ten bands, of which five have mass: 1.025 times the value on average, and at the third, fourth
 * and fifth retry 3, 9 and 10 of ten bands are beyond the cap.
 */
function comb({ seed, replications }: Effort): readonly Comparison[] {
  const { policy } = PRESETS['socket.io'];
  const count = replications * DRAWS;
  const at = (attempt: number, draw: number): number => waitOf(policy, { attempt, previous: us(SECOND) }, draw);
  const isInside = (wait: number): boolean => {
    const off = wait / 1000 - 1000;
    const band = Math.floor(Math.abs(off) / 50);
    // Deviations are cut off to whole milliseconds, and a band's lower end belongs to it on both sides.
    return off > 0 ? band % 2 === 1 : band % 2 === 0;
  };
  const capped = [
    [3, 0.3],
    [4, 0.9],
    [5, 1],
  ] as const;
  return [
    compare(
      'socket.io, first retry',
      'mean, over the value',
      exactly(1.025),
      shareOf(seed, count, (draw) => at(0, draw) / SECOND),
    ),
    compare(
      'socket.io, first retry',
      'share outside of the bands',
      exactly(0),
      shareOf(seed, count, (draw) => (isInside(at(0, draw)) ? 0 : 1)),
    ),
    ...capped.map(([retry, share]) =>
      compare(
        `socket.io, retry ${retry}`,
        'share that waits exactly the cap',
        exactly(share),
        shareOf(seed, count, (draw) => (at(retry - 1, draw) === 5 * SECOND ? 1 : 0)),
      ),
    ),
  ];
}

/**
 * NATS draws 2 s and a jitter of 0 to J, sleeps, and draws again until a draw is over by then. The jitter that counts is the
 * last of a run of growing ones: J (e - 2) of a continuous one, 0.718 J and not J/2; of whole milliseconds a little more.
 */
function nats({ seed, replications }: Effort): readonly Comparison[] {
  return (
    [
      ['nats', 100],
      ['nats-tls', 1000],
    ] as const
  ).map(([name, most]) => {
    // From the top: what a draw of so much comes to in the end.
    let longer = 0;
    let mean = 0;
    for (let jitter = most; jitter >= 0; jitter--) {
      const comesTo = ((jitter + 1) * jitter + longer) / (most + 1);
      longer += comesTo;
      mean = longer / (most + 1);
    }
    const { policy } = PRESETS[name];
    const extra = shareOf(seed, replications * DRAWS, (draw) => waitOf(policy, freshMemory(), draw) / 1000 - 2000);
    return compare(name, 'mean jitter, ms', exactly(mean), extra);
  });
}

function phoenix(): readonly Comparison[] {
  const { policy } = PRESETS.phoenix;
  let memory = freshMemory();
  let at = 0;
  return [10, 60, 160, 310, 510, 760, 1260, 2260, 4260, 9260].map((expected, index) => {
    const next = nextDelay(policy, memory, 0, { retryAfter: null, elapsed: us(at) });
    if ('stop' in next) throw new Error('hangup bug: phoenix never gives up');
    memory = next.memory;
    at += next.delay;
    return compare('phoenix', `dial ${index + 1}, ms`, exactly(expected), exactly(at / 1000));
  });
}

function waitOf(policy: Policy, memory: ReturnType<typeof freshMemory>, draw: number): number {
  const next = nextDelay(policy, memory, draw, { retryAfter: null, elapsed: ZERO });
  return 'stop' in next ? Number.NaN : next.delay;
}

/** The mean over so many draws, each of another client. */
function shareOf(seed: string, count: number, of: (draw: number) => number): Figure {
  const luck = new Luck(seed, 0);
  return meanFigure(Float64Array.from({ length: count }, (_, client) => of(luck.draw(client, PURPOSE.delay, 0, 0))));
}
