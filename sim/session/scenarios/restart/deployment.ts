/** What the scenarios about restarts share: clients with answers that last for seconds, on a few servers. */
import { ms } from '../../../../src/time.ts';
import type { Setting } from '../../../core/scenario.ts';
import type { SessionWorld } from '../../world.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, networkOf } from '../dimensions.ts';
import { buildWorld, type Topology } from '../topology.ts';
import { conversation } from '../turns.ts';

/** Mean time between two chunks: an answer of some twenty takes four seconds. */
const PACE = ms(180);

/** So many clients ask `turns` questions each; `servers` defaults to 2. */
export function deployment(
  setting: Setting,
  { turns = 2, agent = {}, ...rest }: Partial<Omit<Topology, 'turns'>> & { readonly clients: number; turns?: number },
): SessionWorld {
  return buildWorld({
    servers: 2,
    network: networkOf(setting, ACCESS),
    contents: contentsOf(setting, ['brief', 'brief-b']),
    turns: (client) => conversation(turns, (turn) => (turn + client) % 2, ms(200)),
    agent: { chunkInterval: PACE, ...agent },
    ...rest,
  });
}
