/**
 * A conversation of five questions over an access network that fails: after every resume the history is what the
 * application had before, and nothing that was asked is lost or asked twice.
 */
import { sessionScenario } from '../../protocol.ts';
import { messageLost, movedServer, resumed, sendRepeated } from '../claims.ts';
import { ACCESS, CONDITIONS, faultsOf, instantOf, MOMENTS } from '../dimensions.ts';
import { promised, usualTargets } from '../target-lists.ts';
import { talk, talkOf } from './talk.ts';

export const basic = sessionScenario({
  name: 'context/basic',
  title: 'a conversation survives lost connections: history, order, every question answered once',
  sometimes: [resumed, messageLost, sendRepeated, movedServer],
  dimensions: { condition: CONDITIONS, moment: MOMENTS, network: ACCESS },
  targets: usualTargets({ besides: [...promised('connect', 'context-restored'), { name: 'overhead' }] }),
  world: (setting) => talk(setting),
  plan: ({ dice, cell }, world) => faultsOf(dice, cell.condition, 'c1-lb', instantOf(dice, cell.moment, talkOf(world))),
});
