/**
 * Damaged failure files, sweep documents and histories, through the code of the command: each is refused in one line of
 * a sane length, or taken, and then comes to a verdict. Half of the damage is to bytes; the other half to the values, so
 * that the file still parses and what reads it is tried instead.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareFiles } from '../../sim/cli/compare.ts';
import { TellableError } from '../../sim/cli/errors.ts';
import { replay } from '../../sim/cli/replay.ts';
import { run } from '../../sim/core/run.ts';
import { documentOf } from '../../sim/explore/document.ts';
import { count, emptyTally } from '../../sim/explore/tally.ts';
import { reportPage } from '../../sim/report/page.ts';
import { parseTrend, trendEntry } from '../../sim/report/trend-file.ts';
import { SESSION_FAULTS } from '../../sim/session/faults.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { damaged, type Luck, luckOf, pick } from './damage.ts';
import type { Fuzz, Verdict } from './fuzz.ts';

/** Two scenarios that take milliseconds, and plans of every kind of fault for them. */
const SCENARIOS = ['context/basic', 'midstream/text'].map((name) => scenarioNamed(name) as SessionScenario);
const OUTCOMES = SCENARIOS.flatMap((scenario) =>
  [...SESSION_FAULTS.keys()].map((kind, index) => run(scenario, index + 1, { faults: [kind, 'cut'] })),
);

const FAILURES = OUTCOMES.map(({ scenario, seed, digest, plan }) => ({
  ...{ format: 2, version: '0.1.0', scenario, seed, digest, plan, exceeded: null },
  breaches: [{ law: 'prefix', message: 'c1 got what was not produced', at: 1, event: 1 }],
  ...{ input: null, schema: null, network: null, policy: null, faults: 'all', cell: null },
  ...{ folder: { absolute: '/nowhere', relative: '../..' }, files: [] },
}));

const DOCUMENT = (() => {
  const tallies = SCENARIOS.map((scenario, index) => {
    const tally = emptyTally();
    for (const outcome of OUTCOMES.slice(index * SESSION_FAULTS.size, (index + 1) * SESSION_FAULTS.size))
      count(tally, outcome, scenario);
    return { scenario, tally };
  });
  const origin = { input: null, schema: null, network: null, policy: null, faults: 'all', cell: null };
  return documentOf({ tallies, stopped: null, wallMs: 1000 }, [], { version: '0.1.0', seeds: 40, from: 1, origin });
})();

/** What stands in for a value: of another type, of another size, and what every object inherits. */
const VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    -1,
    0,
    0.5,
    1e21,
    Number.MAX_SAFE_INTEGER,
    2_592_000_000_000,
    2_592_000_000_001,
    '',
    '7',
    'K7F3',
    'é',
  ],
  ...['__proto__', 'constructor', '*', '*a*a*a*a*a*a*a*b', 'c9-lb', 'c1-lb', 's1', '\0', '../../../etc', '/dev/zero'],
  ...[
    [],
    [[]],
    {},
    { toString: 1 },
    { constructor: {} },
    { length: 3 },
    'x'.repeat(100_000),
    'a,b',
    'condition=outage',
  ],
];

/** A value with one to three places in it changed. */
function changed(value: unknown, luck: Luck): string {
  const copy = JSON.parse(JSON.stringify(value));
  for (let left = 1 + luck(3); left > 0; left--) {
    const place = placeIn(copy, luck);
    if (place === null) return JSON.stringify(pick(luck, VALUES));
    const { holder, key } = place;
    const how = luck(6);
    if (how === 0) delete holder[key];
    else if (how === 1)
      Object.defineProperty(
        holder,
        pick(luck, ['__proto__', 'toString', 'constructor', 'toJSON', 'extra', 'length0']),
        {
          ...{ value: pick(luck, VALUES), enumerable: true, writable: true, configurable: true },
        },
      );
    else if (how === 2) holder[key] = holder[pick(luck, Object.keys(holder))];
    else if (how === 3 && typeof holder[key] === 'number') holder[key] = (holder[key] as number) * 10 ** luck(12);
    else holder[key] = pick(luck, VALUES);
  }
  const text = JSON.stringify(copy);
  // A key that is given twice, and a value that is nested deeper than a stack.
  if (luck(20) === 0) return text.replace(/\{"(\w+)":/, '{"$1":7,"$1":');
  return luck(20) === 0 ? text.replace(/null/, `${'['.repeat(50_000)}${']'.repeat(50_000)}`) : text;
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Any place in a value, as deep as luck goes. */
function placeIn(value: unknown, luck: Luck): Place | null {
  let holder = value;
  for (;;) {
    if (holder === null || typeof holder !== 'object') return null;
    const keys = Object.keys(holder);
    if (keys.length === 0) return null;
    const key = pick(luck, keys);
    const inner = (holder as Record<string, unknown>)[key];
    if (inner === null || typeof inner !== 'object' || Object.keys(inner).length === 0 || luck(4) === 0)
      return { holder: holder as Record<string, unknown>, key };
    holder = inner;
  }
}

const damage = (value: unknown, luck: Luck): string | Buffer =>
  luck(2) === 0 ? damaged(JSON.stringify(value), luck) : changed(value, luck);

/** What the command does with one damaged file: its exit code, or what it threw. */
const KINDS: Readonly<Record<string, (folder: string, luck: Luck) => number | Promise<number>>> = {
  failure(folder, luck) {
    const path = join(folder, 'failure.json');
    writeFileSync(path, damage(pick(luck, FAILURES), luck));
    return replay(path, pick(luck, [{}, {}, { json: true }, { full: true }]));
  },
  sweep(folder, luck) {
    const [sound, other] = [join(folder, 'sound.json'), join(folder, 'other.json')];
    writeFileSync(sound, JSON.stringify(DOCUMENT));
    writeFileSync(other, damage(DOCUMENT, luck));
    const order = luck(2) === 0 ? ([sound, other] as const) : ([other, sound] as const);
    return compareFiles(order, { leastChange: '1', all: luck(2) === 0, json: luck(3) === 0 });
  },
  history(_, luck) {
    const lines = [1, 2, 3].map((day) => {
      const line = JSON.stringify(trendEntry(DOCUMENT, `2026-01-0${day}T00:00:00Z`));
      return day === 2 ? damage(JSON.parse(line), luck).toString() : line;
    });
    const history = parseTrend(lines.join('\n'));
    for (const problem of history.problems) mustBeLine(problem);
    return reportPage(DOCUMENT, history).length > 0 ? 0 : 1;
  },
};

/** Lines are cut where somebody else's text would make them long. */
const LINE_MOST = 1000;

function mustBeLine(line: string): void {
  if (line.includes('\n') || line.length > LINE_MOST)
    throw new Error(`not one line of a sane length: ${line.slice(0, LINE_MOST)}`);
}

const VERDICTS: Readonly<Record<number, Verdict>> = { 0: 'holds', 1: 'broken', 3: 'budget' };

export const failures: Fuzz = {
  kinds: Object.keys(KINDS),
  async try(kind, name, folder): Promise<Verdict> {
    const { write } = process.stdout;
    try {
      process.stdout.write = () => true;
      const verdict =
        VERDICTS[await (KINDS[kind] as (folder: string, luck: Luck) => number | Promise<number>)(folder, luckOf(name))];
      if (verdict === undefined) throw new Error('neither refused nor judged');
      return verdict;
    } catch (error) {
      if (!(error instanceof TellableError) || error.exitCode !== 2) throw error;
      // `compare` tells one line for each of its two files.
      for (const line of error.lines) mustBeLine(line);
      return 'refused';
    } finally {
      process.stdout.write = write;
    }
  },
};
