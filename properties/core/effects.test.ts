/** How the universe carries effects out: in which order, by which way, and what becomes of what finds nobody. */
import { expect, test } from 'vitest';
import { BUDGETS } from '../../sim/core/budgets.ts';
import { dice } from '../../sim/core/dice.ts';
import { Kernel, type Node } from '../../sim/core/kernel.ts';
import type { AnyMachine } from '../../sim/core/record.ts';
import { Universe } from '../../sim/core/universe.ts';
import { Witness } from '../../sim/core/witness.ts';
import type { NodeSpec } from '../../sim/core/world.ts';
import type { LinkConfig } from '../../src/link/config.ts';
import { at, ms } from '../../src/time.ts';
import { data } from '../laws/session/written.ts';

/** A client and its link, a server, and services, whose steps have the effects that a script says. */
function scripted(script: Readonly<Record<string, readonly object[]>>) {
  const log: string[] = [];
  const kernel = new Kernel(dice('1'));
  const witness = new Witness();
  const answers: (() => void)[] = [];
  const universe: Universe = new Universe({
    kernel,
    witness,
    step: (node, event) => {
      const { type, end } = event as { type: string; end?: number };
      const step = `${(node as Node).id} ${type}`;
      log.push(end === undefined ? step : `${step} ${end}`);
      return script[step] ?? [];
    },
    hooks: {
      application(_, effect: { readonly type: string }) {
        log.push(`application ${effect.type}`);
        answers.shift()?.();
      },
      exited: () => undefined,
      act: () => undefined,
    },
    serviceDelay: ms(1),
  });
  const machine = (kind: string): AnyMachine => ({ kind, init: () => ({}) }) as unknown as AnyMachine;
  const { wiring } = universe;
  const add = (role: string, id = role, more: Partial<NodeSpec> = {}): Node =>
    wiring.add({ id, role, machine: machine(role), config: {}, ...more });
  const client = add('client', 'c1', { remote: true });
  const auth = add('auth');
  const server = add('server', 's1');
  add('store');
  add('balancer', 'lb');
  wiring.addLink(machine('link'), { node: 'c1-lb', ends: ['c1', 'lb'] } as unknown as LinkConfig);
  const finish = (): void => {
    kernel.run(universe, BUDGETS);
  };
  return { universe, kernel, witness, client, auth, server, log, answers, finish };
}

test('what an application answers comes after the whole step, in the order in which it was said', () => {
  const { universe, client, log, answers } = scripted({ 'c1 go': [{ type: 'settle' }, { type: 'deliver' }] });
  answers.push(
    () => {
      universe.intend(client, { type: 'busy' });
      universe.intend(client, { type: 'ready' });
    },
    () => universe.intend(client, { type: 'leave' }),
  );
  universe.step(client, { type: 'go' });
  expect(log).toEqual(['c1 go', 'application settle', 'application deliver', 'c1 busy', 'c1 ready', 'c1 leave']);
});

test('what a client and a service say to each other crosses its link; services among themselves need none', () => {
  const post = (to: string): object => ({ type: 'post', to, message: { type: 'hello' } });
  const script = { 'c1 go': [post('auth')], 'auth go': [post('c1')], 's1 go': [post('store'), post('nobody')] };
  const { universe, client, auth, server, log, finish } = scripted(script);
  for (const node of [client, auth, server]) universe.step(node, { type: 'go' });
  finish();
  expect(log).toEqual(['c1 go', 'c1-lb relay 0', 'auth go', 'c1-lb relay 1', 's1 go', 'store message']);
  expect(universe.kernel.now).toBe(ms(1));
});

test('a process that dies while it is held leaves its successor free, with what the world wanted of it', () => {
  const { universe, server, log, finish } = scripted({});
  universe.pauses.hold(server, {});
  universe.down(server, 'process');
  universe.pauses.inside(server, () => log.push('inside'));
  finish();
  expect(log).toEqual([]);
  universe.up(server, {});
  finish();
  expect(log).toEqual(['s1 started', 'inside']);
  expect(server.pause).toBeNull();
});

test('a frame that finds nobody is lost, and nothing else is', () => {
  const { universe, kernel, witness, server, log, finish } = scripted({});
  const lost: string[] = [];
  witness.listen('lost', (entry) => entry.kind === 'lost' && lost.push(`${entry.conn} to ${entry.to}: ${entry.why}`));
  kernel.schedule(at(5), server, { type: 'frame', conn: 7, payload: data(1), bytes: 50 } as never);
  kernel.schedule(at(5), server, { type: 'opened', conn: 7 } as never);
  universe.down(server, 'process');
  universe.up(server, {});
  finish();
  expect(lost).toEqual(['7 to s1: s1 is gone']);
  expect(log).toEqual(['s1 started']);
});

test("what somebody's own code writes is an entry with its fields, and only what an application is given reaches one", () => {
  const said = [
    { type: 'write', stream: 'a', value: 'one' },
    { type: 'read', stream: 'a', value: new Uint8Array([1]) },
    { type: 'replace', stream: 'a', value: '' },
    { type: 'replace', stream: 'a' },
    { type: 'submit', key: 'k', bytes: 3 },
    { type: 'note', text: 'here', data: { n: 1 } },
    { type: 'console', level: 'log', text: 'hello' },
    { type: 'uncaught', how: 'rejection', error: 'Error: no', stack: '' },
    { type: 'socket', socket: 1, state: 'open', url: 'wss://s1/chat' },
    { type: 'held', timers: ['one'], sockets: [], listeners: [] },
  ];
  const { universe, witness, client, log } = scripted({ 'c1 go': said });
  const kinds = [
    'wrote',
    'read',
    'replaced',
    'replaced',
    'submitted',
    'noted',
    'console',
    'uncaught',
    'socket',
    'held',
  ] as const;
  const entries: unknown[] = [];
  for (const kind of new Set(kinds))
    witness.listen(kind, ({ at: _, node: __, event: ___, ...entry }) => {
      entries.push(entry);
    });
  universe.step(client, { type: 'go' });
  expect(entries).toEqual(said.map(({ type: _, ...fields }, i) => ({ kind: kinds[i], ...fields })));
  expect(log).toEqual(['c1 go', 'application read', 'application replace', 'application replace']);
});
