/** One feed, three clients on one network: `npx hangup explore`. With FEED_BUG=1 its client has a bug, and the sweep finds it. */
import { at, balanced, config, drawn, findNetwork, ms, nodes, PRESETS, scenario, seconds, visit } from 'hangup';
import { client } from './client.ts';
import { catchUp, inOrder, noSilentGap, overrun, ringWiped } from './judged.ts';
import { server } from './server.ts';

const forgetful = process.env.FEED_BUG === '1';

const resume = scenario({
  name: 'feed/resume',
  title: 'clients of a feed resume behind their last event',
  sometimes: [overrun],
  dimensions: { ring: ['short', 'long'] },
  builds: ['ring'],
  laws: [inOrder, noSilentGap],
  faults: [ringWiped],
  figures: [catchUp],
  targets: [{ figure: catchUp, is: 'below', held: seconds(2) }],
  world({ network, policy: chosen, cell }) {
    const policy = chosen ?? PRESETS.default.policy;
    const clients = nodes('c', 3, {
      role: 'client',
      machine: client,
      config: { policy, silence: seconds(5), forgetful },
      starts: false,
    });
    const servers = nodes('s', 2, {
      role: 'server',
      machine: server,
      config: { every: ms(500), ring: cell.ring === 'short' ? 10 : 100 },
      quiesces: true,
    });
    return {
      ...balanced(clients, servers, network ?? findNetwork('lte')!),
      applications: clients.map(({ id }, i) => visit(id, { start: at(ms(100 * i)), until: at(seconds(30)) })),
      facts: { clients: clients.map(({ id: node }) => ({ node, policy })) },
      conditions: `ring ${cell.ring}`,
    };
  },
  plan: drawn(['cut', 'reset', 'offline', 'addressChange', 'crash', 'drain', 'balancerCrash', 'ringWiped']),
});

export default config({ scenarios: [resume] });
