/** What the scenarios about context share: a conversation of short answers, and the stretch of time that it takes. */
import { type Duration, ms, us } from '../../../../src/time.ts';
import type { Setting } from '../../../core/scenario.ts';
import type { SessionWorld, Turn } from '../../world.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, answerOf, networkOf, type Stretch } from '../dimensions.ts';
import { buildWorld, type Topology } from '../topology.ts';
import { conversation } from '../turns.ts';

/** Mean time between two chunks of an answer: half a second for an answer. */
export const PACE = ms(45);

/** One client, two servers, `turns` questions with answers of some ten chunks, `wait` apart. */
export function talk(
  setting: Setting,
  { turns = 5, wait = ms(200), ...rest }: Partial<Omit<Topology, 'turns'>> & { turns?: number; wait?: Duration } = {},
): SessionWorld {
  const story: readonly Turn[] = conversation(turns, (turn) => turn % 2, wait);
  return buildWorld({
    clients: 1,
    servers: 2,
    network: networkOf(setting, ACCESS),
    contents: contentsOf(setting, ['remark', 'remark-b']),
    turns: () => story,
    agent: { chunkInterval: PACE },
    ...rest,
  });
}

/** From the first chunk of the first answer to the last of the last, if nothing fails. */
export function talkOf(world: SessionWorld): Stretch {
  const { begins, lasts } = answerOf(world);
  const story = world.stories[0];
  const link = world.links[0];
  const pace = world.agents[0];
  if (story === undefined || link === undefined || pace === undefined) return { begins, lasts };
  const roundTrip = link.up.delay + link.down.delay;
  const rest = story.turns.slice(1).reduce((sum, turn) => sum + turn.wait + roundTrip + pace.firstChunk + lasts, 0);
  return { begins, lasts: us(lasts + rest) };
}
