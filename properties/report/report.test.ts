import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExploreDocument, ScenarioDocument } from '../../sim/explore/document.ts';
import { github } from '../../sim/report/github.ts';
import { junit } from '../../sim/report/junit.ts';
import { escapeMarkup, markup } from '../../sim/report/markup.ts';
import { reportPage } from '../../sim/report/page.ts';
import { doublingScale } from '../../sim/report/scale.ts';
import { mergeSpreads } from '../../sim/report/spread.ts';
import { parseTrend, trendEntry } from '../../sim/report/trend-file.ts';
import { verdictOf } from '../../sim/report/verdict.ts';
import { count, duration, percent, size } from '../../sim/report/words.ts';
import { brokenDocument, HOSTILE, hostileDocument, sampleDocument } from './sample.ts';

const LAWS = ['prefix', 'completion'];
const sample = sampleDocument();
const broken = brokenDocument();
const hostile = hostileDocument();

describe('markup', () => {
  test('holds no text that could end its place, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE)), (text) => {
        const escaped = escapeMarkup(text);
        expect(escaped).not.toMatch(/[<>"']/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be there.
        expect(escaped).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202e]/);
        expect(isWellFormed(escaped)).toBe(true);
        expect(unescaped(escaped)).toBe(unescaped(escapeMarkup(unescaped(escaped))));
      }),
    );
  });

  test('escapes values, joins lists, keeps markup, and leaves out what is not there', () => {
    const inner = markup`<b>${'<'}</b>`;
    expect(markup`<a title="${'"'}">${[inner, 1, '&']}${null}${false}${undefined}</a>`.markup).toBe(
      '<a title="&quot;"><b>&lt;</b>1&amp;</a>',
    );
  });
});

/** Whether it has no half of a surrogate pair. */
const isWellFormed = (text: string): boolean => Buffer.from(text, 'utf8').toString('utf8') === text;

const unescaped = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '',
  );

describe('a page', () => {
  test('is one function of its document: the same each time, and itself in one file', () => {
    const page = reportPage(sample, null);
    expect(reportPage(sample, null)).toBe(page);
    expect(page).not.toMatch(/(src|href)="(?!#|data:)/);
    expect(page).not.toMatch(/@import|url\(|https?:/);
  });

  test('of hostile names has the same elements as one of harmless names', () => {
    const harmless = new Set(tagsOf(reportPage(broken, null)).map(([name]) => name));
    for (const [name, attributes] of tagsOf(reportPage(hostile, null))) {
      expect(harmless.has(name as string), `<${name}>`).toBe(true);
      expect(attributes).not.toMatch(/\son\w+=/i);
    }
  });

  test('says what is wrong before anything else, with the line to paste', () => {
    const text = reportPage(broken, null).replace(/<style>[\s\S]*?<\/style>/, '');
    const paste = text.indexOf('npx hangup replay midstream/json@k7f3');
    expect(text.indexOf('1 law is broken in 1 of 2 scenarios')).toBeGreaterThan(0);
    expect(paste).toBeGreaterThan(0);
    expect(paste).toBeLessThan(text.indexOf('<nav'));
  });
});

/** Name and attributes of every element that a page opens. */
const tagsOf = (page: string): readonly (readonly [string, string])[] =>
  [...page.matchAll(/<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/gi)].map(([, name = '', attributes = '']) => [
    name,
    // What stands in quotes is text.
    attributes.replace(/"[^"]*"/g, '""'),
  ]);

describe('the verdict', () => {
  const scenario = sample.scenarios[0] as ScenarioDocument;
  const [target] = scenario.targets;
  if (target === undefined) throw new Error('the sample has no target');
  const met = { ...sample, scenarios: [{ ...scenario, targets: [{ ...target, verdict: 'met' as const }] }] };

  test.each([
    ['holds', met],
    [
      'open',
      { ...sample, scenarios: [{ ...scenario, targets: [{ ...target, verdict: 'not enough seeds' as const }] }] },
    ],
    ['broken', broken],
    ['budget', { ...met, scenarios: [{ ...scenario, broken: [{ ...at(broken, 1), law: 'budget' }] }] }],
    ['missed', { ...met, scenarios: [{ ...scenario, targets: [{ ...target, verdict: 'out of bound' as const }] }] }],
    ['partial', { ...met, stopped: 'interrupted' as const }],
    ['partial', { ...met, scenarios: [], stopped: 'interrupted' as const }],
    ['budget', { ...met, scenarios: [], stopped: 'budget' as const }],
    ['ended', { ...met, stopped: 'crashes' as const }],
  ])('is %s', (kind, document) => {
    expect(verdictOf(document).kind).toBe(kind);
  });

  test('without a target says that none is judged, and nothing is red in a page that does not fail', () => {
    const metrics = { ...scenario.metrics, completion_percent: 99.5 };
    const unjudged = { ...met, scenarios: [{ ...scenario, metrics, targets: [] }] };
    const page = reportPage(unjudged, parseTrend(''));
    expect(page).toContain('No target is judged: ');
    expect(page).not.toContain('the scenario’s target');
    expect(reportPage(met, parseTrend(''))).toContain('the scenario’s target, where no exception stands');
    expect(page).toContain('<td class="n wide warn">▲ 99.5 %</td>');
    const failed = { ...unjudged, scenarios: [{ ...scenario, metrics, broken_runs: 1 }] };
    expect(reportPage(failed, parseTrend(''))).toContain('<td class="n wide bad">✕ 99.5 %</td>');
  });
});

function at(document: typeof broken, scenario: number): ScenarioDocument['broken'][number] {
  const found = document.scenarios[scenario]?.broken[0];
  if (found === undefined) throw new Error('nothing is broken there');
  return found;
}

describe('JUnit XML', () => {
  test('has a test case for each law, target and claim, and fails the ones that are broken', () => {
    const xml = junit(broken);
    const cases = [...xml.matchAll(/<testcase /g)].length;
    // Out of budget, threw, crashed, nondeterministic.
    const expected = broken.scenarios.reduce(
      (sum, { laws = [], targets, sometimes }) => sum + laws.length + 4 + targets.length + sometimes.length,
      0,
    );
    expect(cases).toBe(expected);
    expect(xml).toContain('<testcase classname="midstream/json" name="law prefix"><failure message="c1 was handed');
    expect(xml).toContain('npx hangup replay midstream/json@k7f3</failure>');
    expect(xml).toContain('<testcase classname="midstream/json" name="law completion"/>');
  });

  test('counts what it holds', () => {
    const xml = junit(hostile);
    const sum = (what: RegExp): number => [...xml.matchAll(what)].length;
    const [, tests, failures, skipped] =
      xml.match(/<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="0" skipped="(\d+)"/) ?? [];
    expect([Number(tests), Number(failures), Number(skipped)]).toEqual([
      sum(/<testcase /g),
      sum(/<failure /g),
      sum(/<skipped /g),
    ]);
  });

  test('is well-formed whatever the names', () => {
    expect(
      problemOf(
        junit({ ...hostile, scenarios: hostile.scenarios.map((each) => ({ ...each, laws: [...LAWS, ...HOSTILE] })) }),
      ),
    ).toBeNull();
  });

  test('that is not well-formed is noticed by this test', () => {
    for (const text of ['<a><b></a></b>', '<a x="1" x2=3/>', '<a>&unknown;</a>', '<a>\u0007</a>', '<a/><b/>', '<a'])
      expect(problemOf(text), text).not.toBeNull();
  });
});

/** What is wrong with an XML document: enough of a parser for elements, quoted attributes and the five entities. */
function problemOf(xml: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML forbids.
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml) || !isWellFormed(xml))
    return 'a forbidden character';
  const open: string[] = [];
  let roots = 0;
  let rest = xml.replace(/^<\?xml [^?]*\?>/, '');
  while (rest !== '') {
    const text = rest.match(/^(?:[^<>&]|&(?:amp|lt|gt|quot|#39);)+/)?.[0];
    if (text !== undefined) {
      if (open.length === 0 && text.trim() !== '') return 'text outside of the root';
      rest = rest.slice(text.length);
      continue;
    }
    const tag = rest.match(/^<(\/?)([a-z]+)((?: [a-z]+="(?:[^<>&"]|&(?:amp|lt|gt|quot|#39);)*")*)(\/?)>/);
    if (tag === null) return `at ${rest.slice(0, 40)}`;
    const [whole, closing, name = '', , empty] = tag;
    if (closing === '/') {
      if (open.pop() !== name) return `</${name}> closes another`;
    } else {
      if (open.length === 0) roots++;
      if (empty === '') open.push(name);
    }
    rest = rest.slice(whole.length);
  }
  if (open.length > 0) return `<${open.at(-1)}> stays open`;
  return roots === 1 ? null : `${roots} roots`;
}

describe('workflow commands', () => {
  test('name each broken law with its line to paste, and the verdict', () => {
    expect(github(broken).split('\n')).toEqual(
      expect.arrayContaining([
        '::error title=midstream/json%3A prefix::c1 was handed stream 1 seq 5 twice%0A3 runs, first with seed k7f3 at 8.436067 s, event #812%0Anpx hangup replay midstream/json@k7f3',
        '::error title=hangup::1 law is broken in 1 of 2 scenarios',
      ]),
    );
  });

  test('are one a line: no name can begin another, nor end its own title', () => {
    for (const line of github(hostile).trimEnd().split('\n')) {
      expect(line).toMatch(/^::(error|warning|notice) title=[^:,]*::/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be there.
      expect(line).not.toMatch(/[\r\u0000-\u001f]/);
    }
    expect(github(hostile)).toContain('100%250A');
  });
});

describe('the trend of sweeps', () => {
  const line = JSON.stringify(trendEntry(sample, '2026-01-02T03:04:05.000Z'));

  test('is read as it was written, one line a sweep', () => {
    expect(line).not.toContain('\n');
    const { entries, problems } = parseTrend(`${line}\n${line}\n`);
    expect(problems).toEqual([]);
    expect(entries).toEqual([JSON.parse(line), JSON.parse(line)]);
  });

  test('goes on behind a broken line, and names it', () => {
    const { entries, problems } = parseTrend(`${line}\n${line.slice(0, 50)}\n\n{"schema":"other"}\n[]\n3\n${line}\n`);
    expect(entries).toHaveLength(2);
    expect(problems).toEqual([
      'line 2: does not parse as JSON (was it cut off?); left out',
      'line 4: `schema`: expected hangup/trend/1, got "other"; left out',
      'line 5: `schema`: expected hangup/trend/1, got nothing; left out',
      'line 6: expected a JSON object; left out',
    ]);
  });

  test('cut anywhere never throws, and the page draws what is left', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: line.length }), fc.string(), (cut, junk) => {
        const trend = parseTrend(`${line}\n${line.slice(0, cut)}${junk}\n${line}\n`);
        expect(trend.entries.length).toBeGreaterThanOrEqual(2);
        expect(reportPage(sample, trend)).toContain('id="trend"');
      }),
      { numRuns: 30 },
    );
  });

  test('draws only sweeps of the same arguments, and says how many it left out', () => {
    const other = JSON.stringify({ ...JSON.parse(line), seeds: 99 });
    const page = reportPage(sample, parseTrend(`${line}\n${other}\n${line}\n`));
    expect(page).toContain('Recovery p95 over 2 sweeps');
    expect(page).toContain('1 sweep with other arguments or another number of seeds left out');
  });
});

describe('words', () => {
  test.each([
    [duration(null), '–'],
    [duration(0), '0 s'],
    [duration(0.44), '440 us'],
    [duration(999.6), '1 s'],
    [duration(1240), '1.24 s'],
    [duration(59_994), '1 min'],
    [duration(185_000), '3 min 5 s'],
    [duration(7_440_000), '2 h 4 min'],
    [size(0), '0 B'],
    [size(50_000_000), '50 MB'],
    [size(12_345), '12.3 KB'],
    [percent(100), '100 %'],
    [percent(99.9999999), '99.999 %'],
    [percent(99.95), '99.95 %'],
    [percent(0), '0 %'],
    [percent(0.0001), '< 0.001 %'],
    [count(1_234_567), '1,234,567'],
  ])('%s is %s', (shown, expected) => {
    expect(shown).toBe(expected);
  });
});

describe('scales and spreads', () => {
  test('a scale is monotone and stays between 0 and 1', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 1_000_000 }), (given, most) => {
        const scale = doublingScale(1, most, []);
        const places = given.toSorted((a, b) => a - b).map((value) => scale.at(value));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...places)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('spreads merged are the spread of the whole', () => {
    const [a, b] = sample.scenarios.map(({ metrics }) => metrics.recovery_ms);
    if (a === undefined || b === undefined) throw new Error('the sample has two scenarios');
    const merged = mergeSpreads([a, b]);
    expect(merged.samples).toBe(a.samples + b.samples);
    expect(merged.max).toBe(Math.max(a.max ?? 0, b.max ?? 0));
    expect(mergeSpreads([a])).toEqual({ ...a, mean: expect.closeTo(a.mean ?? 0, 6) });
  });
});

test('the page of a sweep that stopped early says how many scenarios were not begun', () => {
  const [first, ...others] = sampleDocument().scenarios;
  const none = { ...first!, name: 'restart/never', runs: 0, broken: [], targets: [], sometimes: [] };
  const whole = { ...sampleDocument(), stopped: 'interrupted' as const };
  const page = reportPage({ ...whole, scenarios: [first!, ...others, none] }, null);
  expect(page).toContain('The sweep stopped early (interrupted): 1 of ');
  expect(page).toMatch(/: 1 of \d+ scenarios was not begun, and the figures are partial\./);
  expect(reportPage(whole, null)).toContain('(interrupted): the figures are partial.');
});

describe('failing seeds', () => {
  const group = (runs: number): NonNullable<ExploreDocument['groups']>[number] => ({
    ...{ law: 'prefix', cause: '# was handed # twice', runs, shrunk: null },
    scenarios: [
      {
        ...{ name: 'midstream/json', runs, more_seeds: 0, message: 'm', paste: 'p' },
        seeds: Array.from({ length: runs }, (_, i) => `s${i}`),
      },
    ],
  });

  test('are all listed or counted, by law and cause', () => {
    const page = reportPage({ ...sample, groups: [group(43)] }, null);
    expect(page).toContain('# was handed # twice');
    expect(page).toContain('s39</span> and 3 more');
    expect(page).not.toContain('s40');
    expect(reportPage({ ...sample, groups: [group(40)] }, null)).not.toContain(' more</div>');
  });

  test('name the smallest run that fails so', () => {
    const shrunk = {
      ...{ attempts: 12, stopped: 'least' as const, plan: [], message: 'm', paste: 'npx hangup replay x.json' },
      ...{ faults: [1, 3] as const, events: [90, 865] as const, sizes: { clients: [1, 2] as const } },
    };
    const page = reportPage({ ...sample, groups: [{ ...group(1), shrunk }] }, null);
    expect(page).toContain('1 of 3 faults, 90 of 865 events, 1 of 2 clients');
    expect(page).toContain('npx hangup replay x.json');
  });
});

describe('coverage', () => {
  test('stands in the page where the sweep was asked for it, with a dot for what was never met', () => {
    const [first, ...rest] = sample.scenarios as readonly [ExploreDocument['scenarios'][number]];
    const coverage = {
      runs: 7,
      events: { 'client live': { 'closed 1006': 1234 }, 'client waiting': { 'timerFired retry': 5 } },
      ...{ faults: { cut: { 'client live': 9 } }, turns: {}, together: {} },
    };
    const page = reportPage({ ...sample, scenarios: [{ ...first, coverage }, ...rest] }, null);
    expect(page).toContain('What 7 runs met');
    expect(page).toMatch(/closed 1006<\/th><td class="h" [^>]*>1,234<\/td><td class="dim"><span aria-hidden="true">·/);
    expect(reportPage(sample, null)).not.toContain('id="coverage"');
  });
});
