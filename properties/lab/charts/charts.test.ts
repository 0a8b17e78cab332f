/** Pictures of experiments: specifications that others can read, and drawings that say what the document says. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { LabChart } from '../../../sim/lab/charts/chart.ts';
import { chartsOf } from '../../../sim/lab/charts/charts.ts';
import { draw } from '../../../sim/lab/charts/draw.ts';
import type { LabDocument } from '../../../sim/lab/experiment/document.ts';
import { crowded, empty, fixture, hostile, lost, once, wide } from './sample.ts';

const DOCUMENTS: Readonly<Record<string, LabDocument>> = {
  'a comparison': fixture('compare'),
  'a search': fixture('tune'),
  'twelve policies': crowded(fixture('compare'), 12),
  'fifteen policies': crowded(fixture('compare'), 15),
  'hostile names': hostile(crowded(fixture('compare'), 8)),
  'a search with hostile names': hostile(fixture('tune')),
  'a wide search': wide(fixture('tune'), 'grid'),
  'a random search': wide(fixture('tune'), 'random'),
  'one replication': once(fixture('compare')),
  'nobody ever back': lost(fixture('compare')),
  'a search in which nobody was back': lost(fixture('tune')),
  nothing: empty(fixture('compare')),
};

const schema = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('vega-lite/vega-lite-schema.json'), 'utf8'),
);
const isVegaLite = new Ajv({ strict: false, validateFormats: false, allErrors: false }).compile(schema);

describe.each(Object.entries(DOCUMENTS))('of %s', (name, document) => {
  const charts = chartsOf(document);

  test('there is each picture that there are data for, with its own name', () => {
    const names = charts.map((chart) => chart.name);
    expect(new Set(names).size).toBe(names.length);
    if (name === 'nothing') expect(names).toEqual([]);
    if (name === 'a comparison')
      expect(names.slice(0, 5)).toEqual(['frontier', 'recovery', 'arrivals', 'attempts', 'forest-recovery_p50']);
    if (name === 'a search') expect(names).toContain('parameters');
  });

  test('every specification is one of Vega-Lite, without a field that it does not know', () => {
    for (const { name, spec } of charts)
      expect([name, isVegaLite(spec), isVegaLite.errors]).toEqual([name, true, null]);
  });

  test('no sentence and no table has a word of a program in it', () => {
    for (const { says, table, title } of charts) {
      const all = [says, title, table.caption, ...table.columns, ...table.rows.flat()];
      expect(all.filter((text) => /\b(NaN|undefined|Infinity|null|\[object)/.test(text))).toEqual([]);
      for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
      expect(says).toMatch(/\.$/);
    }
  });

  test('every picture is drawn one column wide, without a warning, and names all who are in it', async () => {
    // Drawing takes its time: one of several forests, and nobody who is drawn with more beside them.
    const forest = charts.find((chart) => chart.name.startsWith('forest-'));
    const drawn = /^(a comparison|fifteen policies)$/.test(name)
      ? []
      : /^a (wide|random) search$/.test(name)
        ? charts.filter((chart) => chart.name === 'parameters')
        : charts;
    for (const { name, spec } of drawn.filter((chart) => chart === forest || !chart.name.startsWith('forest-'))) {
      const { svg, png, warnings } = await draw(spec);
      expect([name, warnings]).toEqual([name, []]);
      const [, width, height] = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
      expect([name, width]).toEqual([name, '340']);
      expect([name, sizeOf(png)]).toEqual([name, [4 * Number(width), 4 * Number(height)]]);
      expect(tagsOf(svg).filter((tag) => !TAGS.has(tag))).toEqual([]);
      expect(wordsIn(svg).filter((text) => /\b(NaN|undefined|Infinity|null)\b/.test(text))).toEqual([]);
    }
  });
});

const TAGS = new Set(['svg', 'g', 'path', 'line', 'rect', 'text', 'tspan', 'defs', 'clipPath', 'title', 'desc']);
const tagsOf = (svg: string): readonly string[] => [...svg.matchAll(/<([a-zA-Z]+)/g)].map(([, tag]) => tag ?? '');
const wordsIn = (svg: string): readonly string[] => [...svg.matchAll(/>([^<>]+)</g)].map(([, text]) => text ?? '');

/** Width and height, as the header of a PNG has them. */
function sizeOf(png: Uint8Array): readonly [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  expect([view.getUint32(0), view.getUint32(4)]).toEqual([0x89504e47, 0x0d0a1a0a]);
  return [view.getUint32(16), view.getUint32(20)];
}

const chartOf = (document: LabDocument, name: string): LabChart => {
  const chart = chartsOf(document).find((each) => each.name === name);
  if (chart === undefined) throw new Error(`no picture ${name}`);
  return chart;
};

test('the schema judges: a field that it does not know, or a mark of another library, is found', () => {
  const { spec } = chartOf(fixture('compare'), 'recovery');
  expect(isVegaLite({ ...spec, colour: 'red' })).toBe(false);
  expect(isVegaLite(JSON.parse(JSON.stringify(spec).replace('"type":"line"', '"type":"spline"')))).toBe(false);
});

test('the PNG has text, on a machine without fonts as well: another title is another picture', async () => {
  const { spec } = chartOf(fixture('compare'), 'forest-recovery_p99');
  const title = spec.title as { readonly text: readonly string[] };
  const one = await draw(spec);
  const other = await draw({ ...spec, title: { ...title, text: ['Xifference in time until 99 % are back'] } });
  expect(sizeOf(other.png)).toEqual(sizeOf(one.png));
  expect(Buffer.compare(one.png, other.png)).not.toBe(0);
  expect(Buffer.compare(one.png, (await draw(spec)).png)).toBe(0);
});

test.each(['frontier', 'recovery', 'arrivals', 'forest-recovery_p99'])(
  'a policy with which nobody comes back is in the picture of %s, in words',
  async (name) => {
    const words = wordsIn((await draw(chartOf(fixture('compare'), name).spec)).svg);
    expect(words.filter((text) => /never/.test(text)).length).toBeGreaterThan(0);
    expect(words.some((text) => /signalr/.test(text))).toBe(true);
  },
);

test('the line of capacity stands in every lane of arrivals', () => {
  const { spec } = chartOf(fixture('compare'), 'arrivals');
  const lanes = (spec.vconcat as { readonly layer: readonly unknown[] }[]).slice(1);
  expect(lanes).toHaveLength(5);
  for (const lane of lanes) expect(JSON.stringify(lane)).toContain('"capacity":100');
});

test('arrivals of a lane are those of the trace: as many dials in the columns as in the bins', () => {
  const document = fixture('compare');
  const { spec } = chartOf(document, 'arrivals');
  const { arrivals } = spec.datasets as {
    readonly arrivals: readonly {
      readonly policy: string;
      readonly from: number;
      readonly to: number;
      readonly mean: number;
    }[];
  };
  for (const { contender, bins } of document.traces) {
    const own = arrivals.filter(({ policy }) => policy === contender);
    const end = Math.max(...own.map(({ to }) => to));
    const drawn = own.reduce((sum, { from, to, mean }) => sum + mean * (to - from), 0);
    const counted = bins.arrivals
      .filter((_, nth) => bins.from + nth * bins.width < end - 1e-9)
      .reduce((sum, each) => sum + each, 0);
    expect(drawn).toBeGreaterThan(0);
    expect(Math.abs(drawn - counted) / counted).toBeLessThan(0.02);
  }
});

test('the frontier has no point on it that another beats in both', () => {
  const { table } = chartOf(fixture('compare'), 'frontier');
  const points = table.rows.map((row) => ({
    time: Number.parseFloat(row[1] ?? ''),
    cost: Number.parseFloat(row[3] ?? ''),
    on: row[5] === 'yes',
  }));
  expect(points.filter(({ on }) => on).length).toBeGreaterThan(0);
  for (const own of points)
    expect(own.on).toBe(
      !Number.isNaN(own.time) &&
        !points.some((other) => other !== own && other.time <= own.time && other.cost <= own.cost),
    );
});

test('nothing of drawing is loaded before something is drawn', () => {
  const root = fileURLToPath(new URL('../../../sim', import.meta.url));
  const loads = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) =>
      [
        ...readFileSync(`${root}/${path}`, 'utf8').matchAll(
          /^(?:import|export) (?!type ).*from '(vega|vega-lite|@resvg[^']*|hyparquet-writer)'/gm,
        ),
      ].map(([line]) => `${path}: ${line}`),
    );
  expect(loads).toEqual([]);
});
