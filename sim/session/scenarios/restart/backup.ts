/**
 * The store loses its disk, and an operator puts a backup in its place: what was written in between is gone, whoever was told
 * of it. A session that nothing can have happened to goes on as it was. Every other is over, and its client is told so: what
 * it knows of the session nobody else does any more.
 */
import { type Duration, type Instant, ms, seconds, us } from '../../../../src/time.ts';
import type { Dice } from '../../../core/dice.ts';
import type { Fault, FaultPlan } from '../../../faults/plan.ts';
import { sessionScenario } from '../../protocol.ts';
import { told } from '../claims.ts';
import { contentsOf } from '../conditions.ts';
import { ACCESS, chatOf, instantOf, MOMENTS, networkOf } from '../dimensions.ts';
import { lostWithSends } from '../situations/sessions.ts';
import { backupForgot, backupKept, backupOutdated } from '../situations/store.ts';
import { promised } from '../target-lists.ts';
import { buildWorld } from '../topology.ts';
import { chatter } from '../turns.ts';

export const backup = sessionScenario({
  name: 'restart/backup',
  title: 'the store comes back with an older log: what it forgot is told, and what cannot have changed goes on',
  sometimes: [told('session_expired'), told('server_restart'), lostWithSends, backupKept, backupForgot, backupOutdated],
  dimensions: { condition: ['connected', 'away', 'came back'], moment: MOMENTS, network: ACCESS },
  targets: promised('buffers', 'backoff', 'completion', 'integrity'),
  world: (setting) =>
    buildWorld({
      clients: 2,
      servers: 2,
      network: networkOf(setting, ACCESS),
      contents: contentsOf(setting, ['remark', 'remark-b']),
      // The second is there all the time; what becomes of the first is the condition.
      turns: (client) => chatter(client === 0 ? 16 : 8, 4, 2, ms(300)),
      agent: { chunkInterval: ms(45) },
      stayUntil: seconds(8) as number as Instant,
      note: 'a backup is restored',
    }),
  plan({ dice, cell }, world): FaultPlan {
    const at = instantOf(dice, cell.moment, chatOf(world));
    const restore = (when: number, age: Duration): Fault => ({
      kind: 'storeRestore',
      target: 'store',
      at: when as Instant,
      age,
      lasts: us(dice.between('plan/down', ms(50), seconds(2))),
    });
    switch (cell.condition) {
      // Away when the backup is taken, and still when it is restored: nothing happened to its session.
      case 'away': {
        const away = us(dice.between('plan/away', seconds(3), seconds(9)));
        return [
          lose(at),
          offline(at, away),
          restore(at + dice.between('plan/backup', 0, away / 2), age(dice, seconds(3))),
        ];
      }
      // Away when the backup is taken, and back before the store is lost: its session has another token since.
      case 'came back': {
        const away = us(dice.between('plan/away', seconds(1), seconds(3)));
        const taken = at + dice.between('plan/backup', ms(200), away);
        return [lose(at), offline(at, away), restore(taken, age(dice, seconds(6)))];
      }
      default:
        return [restore(Math.max(0, at - dice.between('plan/backup', 0, seconds(4))), age(dice, seconds(5)))];
    }
  },
});

const age = (dice: Dice, most: Duration): Duration => us(dice.between('plan/age', 0, most));
const lose = (at: Instant): Fault => ({ kind: 'reset', target: 'c1-lb', at });
const offline = (at: Instant, lasts: Duration): Fault => ({ kind: 'offline', target: 'c1', at, lasts });
