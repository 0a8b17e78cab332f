/** What people do in a world that is drawn whole: they come together or one by one, ask in bursts or beside each other, and stay. */
import { type Duration, type Instant, ms, seconds, ZERO } from '../../../../src/time.ts';
import type { Turn } from '../../world.ts';
import type { Luck } from './luck.ts';

/** When client i comes: as usual 20 ms behind the one before, all at once, or some time after. */
export function startOf(luck: Luck): (client: number) => Instant {
  const apart = luck.of<Duration>('start', ms(20), [ZERO, ms(1), seconds(1)]);
  return (client) => (client * apart) as Instant;
}

/** How somebody asks: one after the other, in a burst, beside each other, with long pauses. */
const SHAPES = ['steady', 'burst', 'parallel', 'pauses', 'silent'] as const;

/** So many turns of one shape; some of them want no answer, and some carry a large body. */
export function storyOf(luck: Luck, count: number): Turn[] {
  const shape = luck.of('shape', 'steady', SHAPES);
  return Array.from(
    { length: count },
    (_, turn): Turn => ({
      key: `q${turn + 1}`,
      ask: shape === 'silent' || luck.isOdd('unanswered') ? (turn % 3 === 0 ? turn % 2 : -1) : turn % 2,
      bytes: luck.of('body', 120, [1, 4_000]),
      wait: waitOf(luck, shape, turn),
      parallel: turn > 0 && (shape === 'parallel' || shape === 'burst'),
    }),
  );
}

function waitOf(luck: Luck, shape: (typeof SHAPES)[number], turn: number): Duration {
  if (shape === 'burst') return turn === 0 ? ms(50) : ms(1);
  if (shape === 'pauses') return luck.pick('pause', [seconds(2), seconds(8), seconds(25)]);
  return ms(luck.between('wait', 0, 800));
}
