/** Machines whose state is no plain data: they run in every mode alike, and each of their lives ends once. */
import { describe, expect, test } from 'vitest';
import { balanced } from '../../sim/core/balanced.ts';
import { BUDGETS } from '../../sim/core/budgets.ts';
import { scenario } from '../../sim/core/definition.ts';
import { open, type RunOptions, run } from '../../sim/core/run.ts';
import type { Scenario } from '../../sim/core/scenario.ts';
import { visit } from '../../sim/core/visit.ts';
import type { NodeSpec, Page } from '../../sim/core/world.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import { networkNamed } from '../../sim/networks/presets.ts';
import { type Context, NOTHING } from '../../src/machine.ts';
import { at, ms, seconds } from '../../src/time.ts';

interface Event {
  readonly type: string;
  readonly conn: number;
  readonly payload: string;
  readonly timer: string;
  readonly from: string;
  readonly message: { readonly op: number };
}
type Effect = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Every life that began, by who lived it, and how often it ended. */
const lives: { readonly who: string; ended: number }[] = [];

/** What people write: private fields, a Map, closures over what they hear. */
class Chat {
  readonly who: string;
  readonly life: (typeof lives)[number];
  readonly #heard = new Map<number, string[]>();
  readonly #listeners = new Set<(text: string) => void>();
  #said = 0;
  #conn = 0;

  constructor(who: string) {
    this.who = who;
    this.life = { who, ended: 0 };
    lives.push(this.life);
    let count = 0;
    this.#listeners.add((text) => {
      count += text.length;
      this.#said = count;
    });
  }

  on(event: Event, context: Context): readonly Effect[] {
    if (this.life.ended > 0) throw new Error(`${this.who} was given up, and goes on`);
    const { type, conn, payload } = event;
    switch (type) {
      case 'message':
        return [
          {
            type: 'post',
            to: event.from,
            message: { type: 'probed', op: event.message.op, ready: true },
          },
        ];
      case 'incoming':
        return [{ type: 'accept', conn }];
      case 'start':
      case 'online':
        return this.#dial(context);
      case 'leave': {
        this.#listeners.clear();
        const timers = ['talk', 'retry'].map((timer) => ({ type: 'clearTimer', timer, key: 0 }));
        return this.#conn === 0 ? timers : [...timers, { type: 'close', conn: this.#conn, code: 1000, reason: '' }];
      }
      case 'closed': {
        this.#heard.delete(conn);
        if (conn !== this.#conn || this.#listeners.size === 0) return NOTHING;
        this.#conn = 0;
        return [
          { type: 'setTimer', timer: 'retry', key: 0, at: context.now + ms(300) + (context.random('retry') % 1000) },
        ];
      }
      case 'opened':
        return [{ type: 'setTimer', timer: 'talk', key: 0, at: context.now }];
      case 'timer': {
        if (event.timer === 'retry') return this.#dial(context);
        const text = `${this.who} ${this.#said}`;
        return [
          { type: 'send', conn: this.#conn, payload: text, bytes: text.length },
          { type: 'setTimer', timer: 'talk', key: 0, at: context.now + ms(200) },
        ];
      }
      case 'frame': {
        for (const listener of this.#listeners) listener(payload);
        const all = this.#heard.get(conn) ?? [];
        all.push(payload);
        this.#heard.set(conn, all);
        const answer = `${all.length} of ${this.who}`;
        return this.who.startsWith('s') ? [{ type: 'send', conn, payload: answer, bytes: answer.length }] : NOTHING;
      }
      default:
        return NOTHING;
    }
  }

  get said(): number {
    return this.#said;
  }

  #dial(context: Context): readonly Effect[] {
    this.#conn = context.newConn();
    return [{ type: 'dial', conn: this.#conn, to: 'lb' }];
  }
}

const chat = {
  kind: 'chat',
  opaque: true,
  init: (who: string) => new Chat(who),
  step: (state: Chat, event: Event, context: Context) => state.on(event, context),
  dispose: (state: Chat) => void state.life.ended++,
} as const;

const page: Page = {
  persist: (state) => (state as Chat).said,
  revive: () => new Chat('c1'),
  open: () => ({ config: 'c1~4', state: new Chat('c1~4') }),
};
const node = (id: string, role: string, more: Partial<NodeSpec> = {}): NodeSpec => ({
  ...{ id, role, machine: chat as never, config: id, starts: role === 'server' },
  ...more,
});

/** Two clients that talk to two servers, nobody of whom can be looked into; some of them otherwise than usual. */
const talkWith = (otherwise: (id: string) => Partial<NodeSpec>, plan: FaultPlan = HARM): Scenario =>
  scenario({
    name: 'test/chat',
    title: 'clients talk to servers',
    laws: [],
    world: () => ({
      ...balanced(
        [node('c1', 'client', { page, ...otherwise('c1') }), node('c2', 'client', otherwise('c2'))],
        ['s1', 's2'].map((id) => node(id, 'server', otherwise(id))),
        networkNamed('cable'),
      ),
      applications: ['c1', 'c2'].map((id) => visit(id, { start: at(100_000), until: at(9_000_000) })),
      facts: { clients: [] },
      conditions: 'none',
    }),
    plan: () => plan,
  });

const HARM: FaultPlan = [
  { kind: 'crash', target: 's1', at: at(2_000_000), lasts: seconds(1), how: 'process' },
  { kind: 'suspend', target: 'c2', at: at(2_500_000), lasts: seconds(1) },
  { kind: 'secondTab', target: 'c1', at: at(3_600_000), lasts: seconds(1) },
  { kind: 'reload', target: 'c1', at: at(5_000_000), lasts: ms(100), stored: true },
  { kind: 'reload', target: 'c1', at: at(5_050_000), lasts: ms(100), stored: true },
  { kind: 'cut', target: 'c2-lb', at: at(6_000_000), lasts: seconds(1), direction: 'both' },
  { kind: 'serverPause', target: 's2', at: at(6_500_000), lasts: seconds(1) },
];
const talk = talkWith(() => ({}));

/** The lives of a run, whatever comes of it. */
function livesOf(act: () => unknown): readonly string[] {
  lives.length = 0;
  let threw = '';
  try {
    act();
  } catch (error) {
    threw = (error as Error).message;
  }
  const ended = lives.map(({ who, ended }) => `${who} ${ended}`);
  return threw === '' ? ended : [...ended, threw];
}
const ran = (options: RunOptions = {}): readonly string[] => livesOf(() => run(talk, 1, options));

/** `c1~4` twice: a tab begins as any process does, and goes on with what its page opened. */
const ALL = ['c1 1', 'c2 1', 's1 1', 's2 1', 's1 1', 'c1~4 1', 'c1~4 1', 'c1 1'];

describe('an opaque machine', () => {
  test('gives one digest in place, recorded, frozen and stepped, and the same one again', () => {
    const { digest, events } = run(talk, 1);
    expect(events).toBeGreaterThan(400);
    for (const mode of ['sweep', 'recorded', 'frozen'] as const) expect(run(talk, 1, { mode }).digest).toBe(digest);
    const opened = open(talk, 1, { changes: true });
    for (let step = opened.step(); step !== null; step = opened.step())
      for (const { node, before, after, effects } of step.changes)
        if (/^[cs]\d(~4)?$/.test(node)) expect([before, after, Array.isArray(effects)]).toEqual([null, null, true]);
    expect(opened.finish().digest).toBe(digest);
    // Its answers are in the digest: another number of what was heard is another run.
    expect(run(talk, 1, { plan: [] }).digest).not.toBe(digest);
  });

  test('dies with its process, and the next one begins without what it knew', () => {
    const opened = open(talk, 1);
    const knew = new Map<unknown, number>();
    let before: unknown = null;
    for (let step = opened.step(); step !== null; step = opened.step())
      for (const { kind, node } of step.entries) {
        if (node !== 's1') continue;
        if (kind === 'restarted') {
          expect(opened.state('s1')).not.toBe(before);
          expect((opened.state('s1') as Chat).said).toBe(0);
        } else if (opened.state('s1') !== null) {
          before = opened.state('s1');
          knew.set(before, (before as Chat).said);
        }
      }
    expect(knew.size).toBe(2);
    expect([...knew.values()][0]).toBeGreaterThan(0);
  });

  test('is disposed of once a life, however the run ends', () => {
    expect(ran()).toEqual(ALL);
    expect(ran({ mode: 'frozen' })).toEqual(ALL);
    expect(ran({ budgets: { ...BUDGETS, time: at(2_500_000) } })).toEqual(['c1 1', 'c2 1', 's1 1', 's2 1']);
    const throwing = {
      ...talk,
      sometimes: [{ name: 'x', states: 'x', remember: () => 0, on: { restarted: () => JSON.parse('') } }],
    };
    expect(livesOf(() => run(throwing, 1))).toEqual([
      'c1 1',
      'c2 1',
      's1 1',
      's2 1',
      's1 1',
      expect.stringContaining('test/chat@1 at event'),
    ]);
    expect(livesOf(() => open(talk, 1).close())).toEqual(['c1 1', 'c2 1', 's1 1', 's2 1']);
    const halfway = (): void => {
      const opened = open(talk, 1);
      while (opened.now < 5_500_000) opened.step();
      opened.close();
      opened.close();
    };
    expect(livesOf(halfway)).toEqual(ALL);
  });

  test('whose dispose throws ends the run, and keeps no other life from its end', () => {
    const dispose = (state: Chat): void => {
      state.life.ended++;
      if (state.who.startsWith('c')) throw new Error('held on');
    };
    const clinging = talkWith(() => ({ machine: { ...chat, dispose } as never }), []);
    const [threw, ...others] = [...livesOf(() => run(clinging, 1))].reverse();
    expect(threw).toMatch(/held on$/);
    expect(others.reverse()).toEqual(['c1 1', 'c2 1', 's1 1', 's2 1']);
  });

  test('cannot be on disk', () => {
    const durable = talkWith((id) => ({ durable: id === 's1' }));
    expect(livesOf(() => run(durable, 1)).at(-1)).toMatch(
      /s1: its machine is opaque, so its state cannot be `durable`/,
    );
  });
});

describe('a machine that says nothing of the kind, and keeps', () => {
  test.each<[string, () => object, string]>([
    ['an instance of a class', () => ({ chat: new Chat('s1') }), '`state.chat` is a Chat'],
    ['a Map', () => ({ deep: [new Map()] }), '`state.deep.0` is a Map'],
    ['a function', () => ({ later: () => 0 }), '`state.later` is a function'],
  ])('%s is named with its place when it is recorded', (_, init, place) => {
    const machine = { kind: 'plain', init, step: () => NOTHING };
    const plain = talkWith((id) => (id === 's1' ? { machine: machine as never } : {}));
    expect(() => run(plain, 1, { mode: 'recorded' })).toThrow(
      `s1: ${place}, which is no plain data: a machine that keeps such a thing says \`opaque: true\``,
    );
  });
});

test('what is no plain data in a message is named with whom it was for: nobody could tell two of them apart', () => {
  const step = (_: unknown, { type, conn }: Event) =>
    type === 'incoming'
      ? [
          { type: 'accept', conn },
          { type: 'send', conn, payload: new Map(), bytes: 1 },
        ]
      : NOTHING;
  const machine = { kind: 'server', init: () => ({}), step } as never;
  const probed = talkWith((id) => (id === 's1' || id === 's2' ? { machine } : {}), []);
  expect(() => run(probed, 1)).toThrow(
    /^test\/chat@1 at event \d+ \(.*\): `frame` for lb: a Map is no plain data, so the digest cannot see it$/,
  );
});
