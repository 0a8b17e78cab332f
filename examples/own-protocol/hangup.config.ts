/** One feed, three clients on one network: `npx hangup explore`. With FEED_BUG=1 its client has a bug, and the sweep finds it. */
import {
  balanced,
  config,
  drawPlan,
  findNetwork,
  menuOf,
  ms,
  type NodeSpec,
  PRESETS,
  scenario,
  seconds,
  visit,
} from 'hangup';
import { client } from './client.ts';
import type { ClientConfig, ServerConfig } from './feed.ts';
import { catchUp, inOrder, noSilentGap, overrun, ringWiped } from './judged.ts';
import { server } from './server.ts';

const { policy } = PRESETS.default;
const forgetful = process.env.FEED_BUG === '1';
const ids = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);

export default config({
  scenarios: [
    scenario({
      name: 'feed/resume',
      title: 'clients of a feed resume behind their last event',
      sometimes: [overrun],
      dimensions: { ring: ['short', 'long'] },
      laws: [inOrder, noSilentGap],
      faults: [ringWiped],
      figures: [catchUp],
      targets: [{ figure: catchUp, is: 'below', held: seconds(2) }],
      world({ network, cell }) {
        const clients = ids('c', 3).map((id): NodeSpec => {
          const config: ClientConfig = { policy, silence: seconds(5), forgetful };
          return { id, role: 'client', machine: client, config, starts: false };
        });
        const servers = ids('s', 2).map((id): NodeSpec => {
          const config: ServerConfig = { every: ms(500), ring: cell.ring === 'short' ? 10 : 100 };
          return { id, role: 'server', machine: server, config, quiesces: true };
        });
        return {
          ...balanced(clients, servers, network ?? findNetwork('lte')!),
          applications: clients.map(({ id }, i) =>
            visit(id, { start: ms(100 * i) as never, until: seconds(30) as never }),
          ),
          facts: { clients: clients.map(({ id: node }) => ({ node, policy })) },
          conditions: `ring ${cell.ring}`,
        };
      },
      plan: (setting, world) =>
        drawPlan(
          setting,
          menuOf(world, ['cut', 'reset', 'offline', 'addressChange', 'crash', 'drain', 'balancerCrash', 'ringWiped']),
        ),
    }),
  ],
});
