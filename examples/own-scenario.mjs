// A scenario of your own, a policy of your own, and a law of your own, run over seeds.
//
//     npm install hangup-0.1.0.tgz && node own-scenario.mjs
import {
  at,
  buildWorld,
  conversation,
  findNetwork,
  formatInstant,
  LAWS,
  law,
  ms,
  PRESETS,
  run,
  sample,
  seconds,
  sessionScenario,
  sweep,
} from 'hangup';

/** Gives up after a minute, and never waits longer than five seconds. */
const policy = { ...PRESETS.default.policy, cap: seconds(5), elapsedMax: seconds(60) };

/** Two clients in a train ask three questions each; the train drives through a tunnel. */
const tunnel = sessionScenario({
  name: 'mine/tunnel',
  title: 'a train drives through a tunnel while answers stream',
  sometimes: [],
  world: (setting) =>
    buildWorld({
      clients: 2,
      servers: 2,
      network: setting.network ?? findNetwork('lte'),
      contents: [sample('brief')],
      turns: () => conversation(3, () => 0, ms(200)),
      policy,
      allowedErrors: ['elapsed_exhausted'],
    }),
  // The dice are the seed's: the same seed draws the same tunnel, everywhere.
  plan: ({ dice }, world) => {
    const begins = at(dice.between('tunnel/at', ms(500), seconds(2)));
    const lasts = seconds(dice.between('tunnel/lasts', 1, 20));
    return world.clients.map(({ node }) => ({
      kind: 'cut',
      target: `${node}-lb`,
      at: begins,
      lasts,
      direction: 'both',
    }));
  },
});

/** A law is a fold over what an outside witness sees. This one is too strict, so that you see it break. */
const fewDials = law({
  name: 'few-dials',
  states: 'no client dials more than twice',
  remember: () => new Map(),
  on: {
    dialled(dials, { node }, breach) {
      if (!node.startsWith('c')) return;
      const count = (dials.get(node) ?? 0) + 1;
      dials.set(node, count);
      if (count === 3) breach(`${node} dialled a third time`);
    },
  },
});

const { tallies } = await sweep({ scenarios: [tunnel], seeds: 200, jobs: 1 });
for (const { scenario, tally } of tallies)
  console.log(
    `${scenario.name}: ${tally.runs} runs, ${tally.brokenRuns} broken, ${tally.figures.completion.part} answers`,
  );

for (let seed = 1; seed <= 200; seed++) {
  const outcome = run(tunnel, String(seed), { laws: [...LAWS, fewDials] });
  const [broken] = outcome.breaches;
  if (broken === undefined) continue;
  console.log(
    `seed ${seed} (digest ${outcome.digest}): ${broken.law} at ${formatInstant(broken.at)}, event #${broken.event}: ${broken.message}`,
  );
  break;
}
