/** Machines and applications of others that say nonsense: each ends its run with who said it, the field and what is expected. */
import { describe, expect, test } from 'vitest';
import {
  type ApplicationSpec,
  at,
  balanced,
  fault,
  findNetwork,
  nodes,
  run,
  scenario,
  seconds,
  sweep,
  visit,
} from '../../sim/index.ts';

type Say = (conn: number, newConn: () => number) => unknown;

/** A client that dials, and says that of a script when it is connected; a server that listens. */
function speaking(say: Say, application: ApplicationSpec = visit('c1', { start: at(0), until: at(seconds(1)) })) {
  const client = {
    kind: 'speaker',
    init: () => ({}),
    step(_: object, event: { type: string; conn: number }, { newConn }: { newConn(): number }): never[] {
      if (event.type === 'start') return [{ type: 'dial', conn: newConn(), to: 'lb' }] as never[];
      return event.type === 'opened' ? (say(event.conn, newConn) as never[]) : [];
    },
  };
  const server = {
    kind: 'listener',
    init: () => ({}),
    step(_: object, event: { type: string; conn: number; from: string; message?: { op: number } }): never[] {
      if (event.message !== undefined)
        return [
          { type: 'post', to: event.from, message: { type: 'probed', op: event.message.op, ready: true } },
        ] as never[];
      return (event.type === 'incoming' ? [{ type: 'accept', conn: event.conn }] : []) as never[];
    },
  };
  const clients = nodes('c', 1, { role: 'client', machine: client, config: {}, starts: false });
  const servers = nodes('s', 1, { role: 'server', machine: server, config: {} });
  const network = findNetwork('lte');
  if (network === undefined) throw new Error('no such network');
  return scenario({
    name: 'mine/speaks',
    title: 'a client that says whatever it likes',
    world: () => ({
      ...balanced(clients, servers, network),
      applications: [application],
      facts: { clients: [{ node: 'c1' }] },
      conditions: '',
    }),
    plan: () => [],
  });
}

const messageOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
};

const cyclic: { self?: object } = {};
cyclic.self = cyclic;

const NONSENSE: readonly (readonly [string, Say, string])[] = [
  ['no effects', () => undefined, 'what `step` returns: expected a list of effects (NOTHING for none), got nothing'],
  ['a promise', async () => [], 'expected a function that returns at once, got a promise (is it async?)'],
  ['an effect of no type', () => [5], 'each effect: expected an object with a `type`, got 5'],
  ['a misspelt effect', (conn) => [{ type: 'snd', conn }], 'the `type` of an effect: expected one of dial,'],
  ['a word of links', () => [{ type: 'lose', to: 0 }], 'the `type` of an effect: expected one of dial,'],
  ['a time of none', () => [{ type: 'setTimer', timer: 't', key: 0, at: Number.NaN }], '`setTimer.at`: expected whole'],
  ['half a microsecond', () => [{ type: 'setTimer', timer: 't', key: 0, at: 9.5 }], '`setTimer.at`: expected whole'],
  ['a timer without a key', () => [{ type: 'setTimer', timer: 't', at: 9 }], '`setTimer.key`: expected a whole number'],
  [
    'fewer bytes than none',
    (conn) => [{ type: 'send', conn, payload: 1, bytes: -1 }],
    '`send.bytes`: expected whole bytes',
  ],
  [
    'more than memory',
    (conn) => [{ type: 'send', conn, payload: 1, bytes: 1e15 }],
    '`send.bytes`: expected whole bytes',
  ],
  ['no connection', () => [{ type: 'send', payload: 1, bytes: 1 }], '`send.conn`: expected whole names of connections'],
  ['a Map', (conn) => [{ type: 'send', conn, payload: { a: new Map() }, bytes: 1 }], '`payload.a` is a Map'],
  ['what holds itself', (conn) => [{ type: 'send', conn, payload: cyclic, bytes: 1 }], '`payload.self` refers to what'],
  ['a dial to nowhere', (_, newConn) => [{ type: 'dial', conn: newConn() }], '`dial.to`: expected a text, got nothing'],
  ['a name that is taken', (conn) => [{ type: 'dial', conn, to: 'lb' }], 'expected a name that no dial had before'],
  [
    'subprotocols that are none',
    (_, newConn) => [{ type: 'dial', conn: newConn(), to: 'lb', protocols: 'a' }],
    '`dial.protocols`',
  ],
  ['a close without a code', (conn) => [{ type: 'close', conn, reason: '' }], '`close.code`: expected a close code'],
  ['an end of no kind', (conn) => [{ type: 'terminate', conn }], '`terminate.how`: expected one of fin, rst'],
  [
    'a post to nobody',
    () => [{ type: 'post', to: 'x', message: 1 }],
    '`post.to`: expected the name of a node of this world (c1,',
  ],
  [
    'an outcome of none',
    () => [{ type: 'settle', key: 'a', outcome: 'yes' }],
    '`settle.outcome`: expected one of done,',
  ],
  [
    'a piece of neither text nor bytes',
    () => [{ type: 'write', stream: 'a', value: 1 }],
    '`write.value`: expected text',
  ],
  ['a line of no console', () => [{ type: 'console', level: 'log' }], '`console.text`: expected a text, got nothing'],
  [
    'what is held, as a number',
    () => [{ type: 'held', timers: 1, sockets: [], listeners: [] }],
    '`held.timers`: expected a list of texts',
  ],
  ['a piece of no number', () => [{ type: 'deliver', stream: 1 }], '`deliver.seq`: expected whole numbers'],
];

describe('a machine that says', () => {
  test.each(NONSENSE)('%s is named with the field and what is expected there, in one line', (_, say, expected) => {
    for (const mode of ['sweep', 'frozen'] as const) {
      const message = messageOf(() => run(speaking(say), 1, { mode }));
      expect(message).toMatch(/^mine\/speaks@1 at event \d+ .*c1/);
      expect(message).toContain(expected);
      expect(message).not.toContain('\n');
    }
  });

  test('what its application hears may say more', () => {
    const told: string[] = [];
    const application: ApplicationSpec = {
      node: 'c1',
      start: at(0),
      until: at(seconds(1)),
      open: (wishes) => ({
        begin: () => wishes.intend({ type: 'start' }),
        wake: () => {},
        hear: ({ type }) => void told.push(type),
        unload: () => {},
        reopen: () => {},
      }),
    };
    run(
      speaking(() => [{ type: 'mood' }], application),
      1,
    );
    expect(told).toEqual(['mood']);
  });
});

const application = (begin: (wishes: never) => unknown): ApplicationSpec => ({
  node: 'c1',
  start: at(0),
  until: at(seconds(1)),
  open: (wishes) => ({ begin: () => begin(wishes as never) as never, wake() {}, hear() {}, unload() {}, reopen() {} }),
});

test.each([
  [
    (wishes: { wakeIn(n: number): void }) => wishes.wakeIn(Number.NaN),
    '`wakeIn`: expected whole microseconds from 0, got NaN',
  ],
  [(wishes: { intend(n: unknown): void }) => wishes.intend({}), '`intend`: expected an object with a `type`, got {}'],
  [async () => {}, 'expected a function that returns at once, got a promise (is it async?)'],
])('an application that asks for nonsense is named: %#', (begin, expected) => {
  expect(
    messageOf(() =>
      run(
        speaking(() => [], application(begin as never)),
        1,
      ),
    ),
  ).toMatch(/in the application of c1: /);
  expect(
    messageOf(() =>
      run(
        speaking(() => [], application(begin as never)),
        1,
      ),
    ),
  ).toContain(expected);
});

describe('a world in which', () => {
  const sound = speaking(() => []);
  const of = (change: object) => ({
    ...sound,
    world: (setting: never) => ({ ...(sound.world(setting) as object), ...change }),
  });
  const some = { id: 'x', role: 'x', machine: { kind: 'x', init: () => 0, step: () => [] }, config: null };
  test.each([
    [
      { nodes: [{ ...some, machine: undefined }] },
      '`world.nodes[0].machine`: expected a machine with kind, init and step, got nothing',
    ],
    [{ nodes: [{ ...some, start: false }] }, '`world.nodes[0]`: expected no field besides id,'],
    [{ nodes: [some, some] }, '`world`: expected different names of nodes and links, got two of x'],
    [{ nodes: [some] }, '`world.links[].ends`: expected the name of a node (x), got "c1"'],
    [{ facts: undefined }, '`world.facts`: expected an object with `clients`, got nothing'],
    [
      { facts: { clients: [{ node: 'c9' }] } },
      '`world.facts.clients[].node`: expected the name of a node (c1, lb, s1), got "c9"',
    ],
    [
      { applications: [application(() => {}), application(() => {})] },
      '`world.applications`: expected one for each node, got two for c1',
    ],
    [{ serviceDelay: Number.NaN }, '`world.serviceDelay`: expected whole microseconds from 0, got NaN'],
    [{ links: [{ node: 'a-b', ends: ['c1', 'lb'] }] }, '`world.links[0].up`: expected one direction of a path'],
    [{ facts: { clients: [], joinLate: true } }, '`world.facts`: expected no field besides clients,'],
    [{ facts: { clients: [], writes: ['recieved'] } }, '`world.facts.writes`: expected some of submitted,'],
    [
      { facts: { clients: [], herd: {} } },
      '`world.facts.herd.window`: expected whole microseconds from 1, got nothing',
    ],
    [{ facts: { clients: [{ node: 'c1', policy: {} }] } }, '`world.facts.clients[0].policy.delay`: expected'],
  ])('a part is none, or leads nowhere, is refused in one line: %#', (change, expected) => {
    expect(messageOf(() => run(of(change) as never, 1))).toContain(
      `mine/speaks@1 before the first event, in its world: ${expected}`,
    );
  });
});

describe('a kind of fault', () => {
  const zap = (begin: () => never) => ({
    ...speaking(() => []),
    faults: [fault({ name: 'zap', hits: 'server', about: 'x', begin })],
    plan: () => [{ kind: 'zap', target: 's1', at: at(5) }] as never,
  });
  test.each([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
      'in fault `zap`: boom',
    ],
    [
      'does not say for how long',
      () => undefined as never,
      'in fault `zap`: `begin`: expected one of over, lasts, later, got nothing',
    ],
    ['is async', (async () => 'over') as never, 'in fault `zap`: '],
  ] as const)('that %s is named', (_, begin, expected) => {
    expect(messageOf(() => run(zap(begin as () => never), 1))).toContain(expected);
  });
});

test('a dimension that builds the world and is none is refused before a sweep', async () => {
  const sweeping = sweep({ scenarios: [{ ...speaking(() => []), builds: ['size'] }], seeds: 1, jobs: 1 });
  await expect(sweeping).rejects.toThrow('`builds`: expected some of its dimensions (it has none), got "size"');
});

test('a sweep of code that remembers earlier runs is not green', async () => {
  let calls = 0;
  const say: Say = () => [{ type: 'setTimer', timer: 't', key: 0, at: 5_000_000 + calls++ }];
  const { tallies } = await sweep({ scenarios: [speaking(say)], seeds: 3, jobs: 1 });
  expect(tallies[0]?.tally).toMatchObject({ runs: 3, nondeterministicRuns: 1 });
  expect(tallies[0]?.tally.bad[0]?.ended?.message).toContain('a second run came to something else');
});
