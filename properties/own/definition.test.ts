/** `scenario()` and `fault()`: types are inferred, and what is none is refused where it is written. */
import { describe, expect, expectTypeOf, test } from 'vitest';
import { dice } from '../../sim/core/dice.ts';
import {
  at,
  type Duration,
  fault,
  type Menu,
  ms,
  type NodeId,
  parameter,
  run,
  scenario,
  scenarioNamed,
  session,
  type World,
} from '../../sim/index.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';

const text = scenarioNamed('midstream/text') as SessionScenario;

/** A kind that cuts a link by its own hand. */
const slam = fault({
  name: 'slam',
  hits: 'link',
  about: 'link: every connection is reset, softly or hard',
  parameters: { lasts: parameter.time('microseconds'), how: parameter.oneOf('how', ['softly', 'hard']) },
  draw: (dice, { links }, lasts) => ({ target: dice.pick('plan/link', links), lasts, how: 'hard' }),
  duration: ({ lasts }) => lasts,
  begin(scene, { target, how }) {
    expectTypeOf(how).toEqualTypeOf<'softly' | 'hard'>();
    expectTypeOf(target).toEqualTypeOf<NodeId>();
    scene.tell(scene.node(target), { type: 'resetAll' });
    return 'over';
  },
});

describe('a scenario', () => {
  test('has the type of its world from `world`, and no claims where none are given', () => {
    const own = scenario({
      protocol: session,
      name: 'mine/own',
      title: 'a text under a fault of its own',
      faults: [slam],
      world: (setting) => text.world(setting),
      plan: (_, world) => {
        expectTypeOf(world.clients[0]?.node).toEqualTypeOf<string | undefined>();
        return [{ kind: 'slam', target: 'c1-lb', at: at(ms(500)), lasts: ms(1), how: 'hard' }];
      },
    });
    expect(own.sometimes).toEqual([]);
    const outcome = run(own, '1');
    expect(outcome).toMatchObject({ verdict: 'holds', plan: [{ kind: 'slam' }] });
    expect(outcome.digest).not.toBe(run(own, '1', { plan: [] }).digest);
    expect(() =>
      run(own, '1', { plan: [{ kind: 'slam', target: 'c1-lb', at: 1, lasts: 1, how: 'so' }] as never }),
    ).toThrow('`plan[0].how`: expected one of softly, hard, got "so"');
  });

  test('without a protocol has a `World`', () => {
    const bare = scenario({
      name: 'mine/bare',
      title: 'x',
      world: () => ({}) as World,
      plan: (_, world) => [{ kind: 'reset', target: world.links[0]?.node ?? '', at: at(ms(1)) }],
    });
    expectTypeOf(bare.world).returns.toEqualTypeOf<World>();
  });

  test.each<[object, string]>([
    [{ name: 'a b' }, '`scenario.name`: expected a name such as feed/news '],
    [{ name: 'feed/news.json' }, '`scenario.name`: expected a name such as feed/news '],
    [{ title: undefined }, '`scenario.title`: expected a text, got nothing'],
    [{ world: {} }, '`scenario.world`: expected a function, got {}'],
    [{ law: [] }, '`scenario`: expected no field besides name, title, '],
    [{ sometimes: [{ name: 'x' }] }, '`scenario.sometimes[0].states`: expected a text, got nothing'],
    [{ faults: [{ ...slam, duration: 3 }] }, '`scenario.faults[0].duration`: expected a function, got 3'],
  ])('with %j is refused', (part, line) => {
    const sound = { name: 'mine/x', title: 'x', world: () => ({}) as World, plan: () => [] };
    expect(() => scenario({ ...sound, ...part })).toThrow(line);
  });
});

describe('a kind of fault', () => {
  const begin = (): 'over' => 'over';
  const brokers = ['b1', 'b2'];
  const none = { links: [], clients: [], servers: [] };
  const menu: Menu = {
    ...none,
    kinds: [],
    count: [1, 1],
    from: at(0),
    until: at(1),
    lasts: [ms(1), ms(9)],
    parts: { broker: brokers },
  };

  test('that is over at once needs no parameters, and hits one of the part that it names, whatever that is', () => {
    const plain = fault({ name: 'plain', hits: 'broker', about: 'broker: forgets', begin });
    const targets = ['1', '2', '3', '4', '5', '6'].map((seed) => plain.draw(dice(seed), menu, ms(5)));
    expect(new Set(targets.map((drawn) => JSON.stringify(drawn)))).toEqual(
      new Set(['{"target":"b1"}', '{"target":"b2"}']),
    );
    expect(plain.duration({} as never)).toBe(0);
  });

  test('that lasts has its time by itself', () => {
    const lasting = fault({
      name: 'lasting',
      hits: 'server',
      about: 'x',
      parameters: { lasts: parameter.time('x') },
      begin,
    });
    const drawn = lasting.draw(dice('1'), { ...menu, servers: ['s1'], parts: {} }, ms(5));
    expect(drawn).toEqual({ target: 's1', lasts: ms(5) });
    expect(lasting.duration({ ...drawn, kind: 'lasting', at: at(0) })).toBe(ms(5));
  });
  test('infers what its parameters are, and needs no end where it is over at once', () => {
    expectTypeOf<Parameters<typeof slam.begin>[1]['lasts']>().toEqualTypeOf<Duration>();
    expect(slam.end).toBeTypeOf('function');
  });

  test.each<[object, string]>([
    [{ name: 7 }, '`fault.name`: expected a text, got 7'],
    [{ begin: undefined }, '`fault.begin`: expected a function, got nothing'],
    [{ parameters: undefined }, '`fault.parameters`: expected an object of parameters, got nothing'],
    [{ draw: undefined }, '`fault.draw`: expected a function, got nothing'],
  ])('with %j is refused', (part, line) => expect(() => fault({ ...slam, ...part } as never)).toThrow(line));
});
