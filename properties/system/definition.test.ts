/** `system({…})`: what it takes, what it refuses and in which words, and the calls that a seed makes of a story. */
import { describe, expect, test } from 'vitest';
import { dice } from '../../sim/core/dice.ts';
import { settingOf } from '../../sim/core/setting.ts';
import type { SystemDefinition } from '../../sim/system/definition.ts';
import { hostServer } from '../../sim/system/host-server.ts';
import { peer } from '../../sim/system/peer.ts';
import { callsOf, linesOf, type Story } from '../../sim/system/story.ts';
import { system } from '../../sim/system/system.ts';
import { at, seconds } from '../../src/time.ts';

const sound: SystemDefinition = { name: 'chat', client: './chat.client.ts', server: hostServer({}) };

const said = (change: object): string => {
  try {
    system({ ...sound, ...change });
    return 'nothing';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('what is no system is refused in one line', () => {
  test.each<[string, object, string]>([
    ['a field that there is none of', { promise: {} }, 'system: `promise`: expected no field besides name, title'],
    ['… with the one that was meant', { promise: {} }, ': did you mean promises?'],
    [
      'a promise that there is none of',
      { promises: { back: '3s' } },
      'chat: `promises.back`: expected no field besides',
    ],
    ['no client', { client: undefined }, "chat: `client`: expected the path of a module such as './chat.client.ts'"],
    [
      'no server',
      { server: 7 },
      "chat: `server`: expected the path of a module such as './chat.server.ts', what hostServer",
    ],
    ['no clients', { clients: 0 }, 'chat: `clients`: expected whole clients from 1 to 100, got 0'],
    [
      'a network of no name',
      { network: 'ltee' },
      'chat: `network`: expected a network of hangup list networks: did you mean lte?',
    ],
    [
      'one of several networks',
      { network: ['lte', 'wify'] },
      'chat: `network[1]`: expected a network of hangup list networks: did you mean wifi?',
    ],
    ['no networks', { network: [] }, 'chat: `network`: expected one network at the least'],
    [
      'a fault of no name',
      { faults: ['cut', 'crush'] },
      'chat: `faults`: expected kinds of fault (hangup list faults), got "crush"',
    ],
    ['a time that is none', { lasts: '10 minuts' }, "chat: `lasts`: expected a length of time such as '3s' or '250ms'"],
    [
      'a promised time that is none',
      { promises: { backWithin: 30 } },
      "chat: `promises.backWithin`: expected a length of time such as '3s'",
    ],
    [
      'a delivery that is none',
      { promises: { delivery: 'once' } },
      'chat: `promises.delivery`: expected one of exactly-once',
    ],
    [
      'a policy of no name',
      { promises: { backoff: 'socketio' } },
      "chat: `promises.backoff`: expected 'least' or the name of a policy",
    ],
    [
      'two servers without a balancer',
      { servers: 2, balancer: false },
      'chat: `balancer`: expected true where there is more than one server',
    ],
    ['a host that is none', { hosts: ['https://example.com'] }, 'chat: `hosts[0]`: expected a host name in lower case'],
    ['no host at all', { hosts: [] }, 'chat: `hosts`: expected one host name at the least'],
    [
      'a kind for a balancer where there is none',
      { faults: ['balancerCrash'] },
      'chat: `faults`: balancerCrash hits a balancer; expected `balancer: true` with it',
    ],
    ['all faults but one of no name', { faults: { without: ['crsh'] } }, 'crsh'],
    ['all faults but none', { faults: {} }, 'chat: `faults.without`: expected a list of names of kinds of faults'],
    ['a number in the environment', { env: { A: 1 } }, 'chat: `env.A`: expected a text, got 1'],
    [
      'a variable of no name',
      { env: { 'a b': 'x' } },
      'chat: `env`: expected names of letters, digits and _, got "a b"',
    ],
    ['a name that is none', { name: 'chat.ts' }, 'chat.ts: `system.name`: expected a name such as feed/news'],
    [
      'a story of no lines',
      { story: () => 'every' },
      'chat: `story`: expected a function that returns a list of lines, got "every"',
    ],
    [
      'a line of nothing',
      { story: () => [3] },
      'chat: `story[0]`: expected a line that every, once or times made, got 3',
    ],
    [
      'a line that calls nothing',
      { story: ({ every }: never) => [(every as (...args: unknown[]) => unknown)('3s', 'send')] },
      '`story`: every: expected a function of a module, such as client.send, got "send"',
    ],
    [
      'a period that is none',
      { story: (({ every, client }) => [every('3 secs', client.send)]) satisfies Story },
      "`story: every`: expected a length of time such as '3s'",
    ],
    [
      'a period the wrong way round',
      { story: (({ every, client }) => [every(['3s', '1s'], client.send)]) satisfies Story },
      '`story: every`: expected a length of time such as',
    ],
  ])('%s', (_, change, words) => {
    expect(said(change)).toContain(words);
    expect(said(change)).not.toContain('\n');
  });

  test('and so are host models and peers', () => {
    expect(() => hostServer({ mesage: () => {} } as never)).toThrow(
      'hostServer: `mesage`: expected no field besides state',
    );
    expect(() => hostServer({ every: { often: () => {} } })).toThrow(
      "hostServer: `every`: expected periods such as '10s'",
    );
    expect(() => peer(() => [])).toThrow('peer: expected a function that returns a list of steps');
    expect(() => peer(({ send }) => [send('x')])).toThrow('peer: step 1: expected connect(…)');
    expect(() => peer(({ connect, repeat, send }) => [connect('ws://server'), repeat(Infinity, send('x'))])).toThrow(
      'expected a step that takes time',
    );
  });
});

describe('a story', () => {
  const places = {
    client: ['c1', 'c2'].map((node, i) => ({ node, start: at(i * 500_000) })),
    server: ['s1', 's2'].map((node) => ({ node, start: at(0) })),
  };
  const told = (story: Story, seed = '1') => callsOf(linesOf(story, 2, 2), places, at(seconds(60)), dice(seed));

  test('is told by each client from its start on, and numbers its calls over all of them', () => {
    const calls = told(({ every, client }) => [every('3s', client.send, (n) => `m${n}`, 'here')]);
    const all = [...calls.values()].flat();
    expect([...calls.keys()].sort()).toEqual(['c1', 'c2']);
    expect(new Set(all.map(({ args }) => args)).size).toBe(all.length);
    expect(all.every(({ name, args }) => name === 'send' && /^\["m\d+","here"\]$/.test(args))).toBe(true);
    // Every three seconds of a minute, from half of that to one and a half times.
    for (const list of calls.values()) {
      expect(list.length).toBeGreaterThan(13);
      expect(list.length).toBeLessThan(40);
      const gaps = list.slice(1).map((call, i) => call.at - (list[i]?.at ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_500_000);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(4_500_000);
    }
  });

  test('is another one for another seed, and the same for the same', () => {
    const story: Story = ({ every, client }) => [every('3s', client.send, (_, who) => who.between(1, 1000))];
    expect(told(story)).toEqual(told(story));
    expect(told(story, '2')).not.toEqual(told(story));
    const drawn = [...told(story).values()].flat().map(({ args }) => args);
    expect(new Set(drawn).size).toBeGreaterThan(drawn.length / 2);
    expect(drawn.every((args) => /^\[(1000|[1-9]\d{0,2})\]$/.test(args))).toBe(true);
  });

  test('calls one client, one server that is drawn, once, and so often', () => {
    const calls = told(({ once, times, every, clients, server, servers }) => [
      once('10s', clients[1]?.join),
      times(3, '1s', servers[0]?.tick),
      every('2s', server.publish),
    ]);
    expect(calls.get('c1')).toBeUndefined();
    expect(calls.get('c2')).toEqual([{ at: 10_500_000, name: 'join', args: '[]' }]);
    expect(calls.get('s1')?.filter(({ name }) => name === 'tick')).toHaveLength(3);
    const published = ['s1', 's2'].map((node) => calls.get(node)?.filter(({ name }) => name === 'publish').length ?? 0);
    expect(Math.min(...published)).toBeGreaterThan(3);
    expect((published[0] ?? 0) + (published[1] ?? 0)).toBeLessThan(61);
  });

  test('refuses an argument that JSON cannot hold, when it is made', () => {
    expect(() => told(({ every, client }) => [every('3s', client.send, (() => new Map()) as never)])).toThrow(
      '`story`: client.send: expected arguments that JSON can hold, but `args.0` is a Map',
    );
  });
});

test('a network is drawn of those that a system names, and is a dimension only where there are several', () => {
  const names = (change: object): readonly string[] => {
    const scenario = system({ ...sound, client: peer(({ connect }) => [connect('ws://server/')]), ...change });
    const all = ['1', '2', '3', '4', '5', '6', '7', '8'].map(
      (seed) => scenario.world(settingOf(scenario, seed)).conditions,
    );
    return [...new Set(all.map((conditions) => conditions.split(',')[0] as string))].sort();
  };
  expect(names({ network: 'lte' })).toEqual(['lte']);
  expect(names({ network: ['lte', 'wifi'] })).toEqual(['lte', 'wifi']);
  expect(names({}).length).toBeGreaterThan(2);
});

test('all kinds of faults but some are all that a system would draw from without them', () => {
  const drawn = (faults: SystemDefinition['faults']) => {
    const kinds = new Set<string>();
    const scenario = system({ ...sound, ...(faults === undefined ? {} : { faults }) });
    for (let seed = 1; seed <= 150; seed++) {
      const setting = settingOf(scenario, seed, {});
      for (const { kind } of scenario.plan(setting, scenario.world(setting))) kinds.add(kind);
    }
    return kinds;
  };
  const all = drawn(undefined);
  const some = drawn({ without: ['crash', 'restart'] });
  expect(all.has('crash') && all.has('restart')).toBe(true);
  expect(some.has('crash') || some.has('restart')).toBe(false);
  expect(some.size).toBeGreaterThanOrEqual(all.size - 4);
});
