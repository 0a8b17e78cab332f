/** Overrides: which dimensions they close, which scenarios have no use for them, and how they are written as arguments. */
import { describe, expect, test } from 'vitest';
import { sample } from '../../sim/content/samples.ts';
import { areOwn, NOTHING_GIVEN, type Overrides, openUnder, originIn, overridesIn } from '../../sim/core/overrides.ts';
import { run } from '../../sim/core/run.ts';
import type { Scenario, Setting } from '../../sim/core/scenario.ts';
import { mustTake } from '../../sim/core/setting.ts';
import { argumentsText, writtenAs } from '../../sim/explore/command-line.ts';
import { sweep } from '../../sim/explore/sweep.ts';
import type { Network } from '../../sim/networks/network.ts';
import { findNetwork } from '../../sim/networks/presets.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { PRESETS } from '../../src/backoff/presets.ts';

const lte = findNetwork('lte') as Network;
const { policy } = PRESETS.mqtt;
const input = [sample('brief')];
const dimensions = { ring: ['short'], size: ['10'], network: ['lte'], condition: ['late'] };

describe('what somebody chose closes the dimension that it takes the place of', () => {
  test.each<[Overrides, readonly string[], readonly string[]]>([
    [{}, [], ['ring', 'size', 'network', 'condition']],
    [{ cell: { ring: 'short' } }, [], ['ring', 'size', 'network', 'condition']],
    [{ policy }, [], ['ring', 'size', 'network', 'condition']],
    [{ network: lte }, [], ['ring', 'size', 'condition']],
    [{ input }, [], ['ring', 'network', 'condition']],
    [{ input }, ['size'], ['ring', 'size', 'network', 'condition']],
    [{ faults: 'all' }, [], ['size', 'network']],
    [{ faults: ['cut'] }, ['ring'], ['ring', 'size', 'network']],
    [{ faults: ['cut'], network: lte, input }, ['ring', 'network'], ['ring']],
  ])('%# of them', (overrides, builds, left) => {
    expect(Object.keys(openUnder({ dimensions, builds }, overrides))).toEqual(left);
  });

  test('conditions are the scenario’s own when nothing but its cell is chosen', () => {
    expect([{}, { cell: {} }, { network: null }].map(areOwn)).toEqual([true, true, true]);
    expect([{ network: lte }, { policy }, { input }, { faults: 'all' as const }].map(areOwn)).toEqual(
      Array(4).fill(false),
    );
    expect(overridesIn({ network: null, policy, seeds: 7 } as Overrides)).toEqual({ policy });
  });
});

describe('what no world of a scenario asks for', () => {
  const base = scenarioNamed('context/basic') as Scenario;
  const asking = (ask: (setting: Setting) => unknown): Scenario => ({
    ...base,
    name: 'mine/asks',
    targets: [],
    protocol: undefined as never,
    dimensions: { ring: ['short', 'long'] },
    world: (setting) => void ask(setting),
  });
  const deaf = asking(() => null);
  test.each<[string, Overrides]>([
    ['input', { input }],
    ['network', { network: lte }],
    ['policy', { policy }],
  ])('%s is refused in one line, and taken where it is asked for', (name, overrides) => {
    expect(() => mustTake(deaf, overrides)).toThrow(
      `mine/asks takes no ${name}: its worlds do not ask for \`setting.${name}\``,
    );
    mustTake(
      asking((setting) => setting[name as 'input']),
      overrides,
    );
    mustTake(
      asking((setting) => (setting.cell.ring === 'long' ? setting[name as 'input'] : null)),
      overrides,
    );
    mustTake(deaf, {});
    mustTake(base, overrides);
  });

  test('is refused before the first run of a sweep', () =>
    expect(sweep({ scenarios: [deaf], seeds: 1, jobs: 1, network: lte })).rejects.toThrow(
      'mine/asks takes no network',
    ));

  test('is not told of worlds that throw: their runs do', () => {
    const broken = asking(() => {
      throw new Error('boom');
    });
    mustTake(broken, { network: lte });
    expect(() => run(broken, '1', { network: lte })).toThrow('in its world: boom');
  });
});

describe('overrides as arguments', () => {
  test('have the names of presets, and say what has no name', () => {
    const named = writtenAs({ network: { ...lte }, policy, faults: ['cut', 'reset'], cell: { ring: 'short' } });
    expect(named.nameless).toEqual([]);
    expect(argumentsText(named.origin)).toBe('--cell ring=short --faults cut,reset --network lte --policy mqtt');
    const own = writtenAs({ network: { ...lte, name: 'lte', source: 'ours' }, input, faults: 'all' });
    expect(own.nameless).toEqual(['input', 'network']);
    expect(argumentsText(own.origin)).toBe('--faults all');
  });

  test('are null where nothing was given, whatever else stands beside them', () => {
    expect(originIn({})).toEqual(NOTHING_GIVEN);
    expect(originIn({ network: 'lte', seeds: '7' } as never)).toEqual({ ...NOTHING_GIVEN, network: 'lte' });
  });
});
