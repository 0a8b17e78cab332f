/** What an experiment leaves on disk: read back as others would read it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, test } from 'vitest';
import { OutputError } from '../../../sim/cli/errors.ts';
import type { LabDocument } from '../../../sim/lab/experiment/document.ts';
import { csvLines, type Field } from '../../../sim/lab/output/csv.ts';
import { writeLabFolder } from '../../../sim/lab/output/folder.ts';
import { tablesOf } from '../../../sim/lab/output/tables.ts';

const fixture = (name: string): LabDocument =>
  JSON.parse(readFileSync(new URL(`../../fixtures/lab/${name}.json`, import.meta.url), 'utf8')) as LabDocument;
const root = mkdtempSync(join(tmpdir(), 'hangup-lab-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A reader of RFC 4180 that knows nothing of the writer. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    record.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}

/** Text as somebody may name a policy, with all that has a meaning in CSV. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', ' ', ';', '=', 'a', 'é', '\u{1f600}') }),
);

describe('a table', () => {
  test('reads back as it was, whatever stands in its fields', () => {
    const field = fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null));
    fc.assert(
      fc.property(
        fc
          .integer({ min: 2, max: 5 })
          .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }))),
        (records) => {
          const header = records[0]?.map((_, nth) => `c${nth}`) ?? ['a', 'b'];
          const read = parseCsv([...csvLines(header, records)].join(''));
          expect(read[0]).toEqual(header);
          expect(read.slice(1)).toHaveLength(records.length);
          for (const [nth, record] of records.entries())
            for (const [at, value] of record.entries())
              expect(asField(read[nth + 1]?.[at] ?? '', value)).toEqual(value === 0 ? 0 : value);
        },
      ),
    );
  });

  test('has no value where a number is none', () => {
    expect([...csvLines(['a'], [[Number.NaN], [Number.POSITIVE_INFINITY], [null]])]).toEqual([
      'a\r\n',
      '\r\n',
      '\r\n',
      '\r\n',
    ]);
  });
});

const asField = (read: string, wanted: Field): Field =>
  wanted === null ? (read === '' ? null : read) : typeof wanted === 'number' ? Number(read) : read;

test('values.csv has a line for each value of each replication, with the parameters as columns', () => {
  const document = fixture('tune');
  const [values] = tablesOf(document);
  const [header = [], ...records] = parseCsv([...(values?.lines() ?? [])].join(''));
  expect(header).toEqual([
    'storm',
    'policy',
    'family',
    'parameter_base',
    'parameter_cap',
    'phase',
    'replication',
    'metric',
    'unit',
    'value',
  ]);
  expect(records).toHaveLength(document.rows.length * document.metrics.length);
  const at = new Map(header.map((name, nth) => [name, nth]));
  const field = (record: readonly string[], name: string): string => record[at.get(name) ?? -1] ?? '';
  let nth = 0;
  for (const row of document.rows)
    for (const [which, { name }] of document.metrics.entries()) {
      const record = records[nth++] ?? [];
      const contender = document.contenders.find((each) => each.name === row.contender);
      expect(field(record, 'policy')).toBe(row.contender);
      expect(field(record, 'parameter_cap')).toBe(contender?.parameters.cap ?? '');
      expect(field(record, 'metric')).toBe(name);
      expect(field(record, 'replication')).toBe(String(row.replication));
      const value = row.values[which];
      expect(field(record, 'value')).toBe(typeof value === 'number' ? String(value) : '');
    }
});

describe('the folder of an experiment', () => {
  test('lists each of its files with its checksum, and has no other', async () => {
    const folder = join(root, 'listed');
    const { manifest } = await writeLabFolder(fixture('compare'), folder);
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    expect([...manifest.files.map(({ path }) => path), 'manifest.json'].sort()).toEqual(found.sort());
    for (const { path, sha256, bytes } of manifest.files) {
      const content = readFileSync(join(folder, path));
      expect([path, createHash('sha256').update(content).digest('hex'), content.length]).toEqual([path, sha256, bytes]);
    }
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toEqual(manifest);
  });

  test('is the same, byte for byte, when it is written again: only what the manifest says of the machine differs', async () => {
    const [a, b] = [join(root, 'a'), join(root, 'b')];
    const first = await writeLabFolder(fixture('compare'), a, { workers: 1, seconds: 2 }, { pictures: false });
    const second = await writeLabFolder(fixture('compare'), b, { workers: 8, seconds: 1 }, { pictures: false });
    expect(second.manifest.files).toEqual(first.manifest.files);
    const { machine: one, ...rest } = first.manifest;
    const { machine: other, ...same } = second.manifest;
    expect(same).toEqual(rest);
    expect([one.workers, other.workers]).toEqual([1, 8]);
    expect(first.manifest.code.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('has the same sum of what was asked whatever came of it, and another for another storm', async () => {
    const document = fixture('compare');
    const sum = async (of: LabDocument): Promise<string> =>
      (await writeLabFolder(of, join(root, 'sum'), {}, { pictures: false })).manifest.experiment.configSha256;
    const usual = await sum(document);
    expect(await sum({ ...document, rows: [], estimates: [], traces: [] })).toBe(usual);
    const [storm] = document.storms;
    if (storm === undefined) throw new Error('the fixture has a storm');
    const other = { ...storm, storm: { ...storm.storm, capacity: storm.storm.capacity + 1 } };
    expect(await sum({ ...document, storms: [other] })).not.toBe(usual);
  });

  test('loses what an earlier experiment left in it, and nothing of anybody else', async () => {
    const folder = join(root, 'again');
    await writeLabFolder(fixture('compare'), folder, {}, { pictures: false });
    writeFileSync(join(folder, 'notes.md'), 'mine');
    writeFileSync(join(root, 'beside.csv'), 'mine');
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    manifest.files.push({ path: '../beside.csv' }, { path: '/etc/hosts' });
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await writeLabFolder({ ...fixture('compare'), differences: [], traces: [] }, folder, {}, { pictures: false });
    expect(existsSync(join(folder, 'differences.csv'))).toBe(false);
    expect(existsSync(join(folder, 'traces/attempts.parquet'))).toBe(false);
    expect(readFileSync(join(folder, 'notes.md'), 'utf8')).toBe('mine');
    expect(readFileSync(join(root, 'beside.csv'), 'utf8')).toBe('mine');
  });

  test('that cannot be written says so in one line, and has no manifest', async () => {
    const folder = join(root, 'blocked');
    await writeLabFolder(fixture('compare'), folder, {}, { pictures: false });
    rmSync(join(folder, 'estimates.csv'));
    mkdirSync(join(folder, 'estimates.csv'));
    const error = await writeLabFolder(fixture('compare'), folder, {}, { pictures: false }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(OutputError);
    expect((error as OutputError).lines).toEqual([
      expect.stringMatching(/blocked.estimates\.csv: cannot be written \((EISDIR|EPERM)\)$/),
    ]);
    expect((error as OutputError).exitCode).toBe(74);
    expect(existsSync(join(folder, 'manifest.json'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('Parquet files of traces', () => {
  test('read back with another library as the traces of the document', async () => {
    const document = fixture('compare');
    const folder = join(root, 'traces');
    await writeLabFolder(document, folder, {}, { pictures: false });
    const read = async (name: string): Promise<Record<string, unknown>[]> => {
      const bytes = readFileSync(join(folder, `traces/${name}.parquet`));
      return await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
    };
    const whose = ({ storm, contender, replication }: LabDocument['traces'][number]) => ({
      storm,
      policy: contender,
      replication,
    });
    expect(await read('attempts')).toEqual(
      document.traces.flatMap((trace) =>
        trace.attempts.client.map((client, nth) => ({
          ...whose(trace),
          client,
          seconds: trace.attempts.seconds[nth],
          outcome: trace.attempts.outcome[nth],
        })),
      ),
    );
    expect(await read('arrivals')).toEqual(
      document.traces.flatMap((trace) =>
        trace.bins.arrivals.map((arrivals, bin) => ({
          ...whose(trace),
          bin,
          from_s: Math.round(trace.bins.from * 1e6 + bin * trace.bins.width * 1e6) / 1e6,
          width_s: trace.bins.width,
          arrivals,
          admissions: trace.bins.admissions[bin],
        })),
      ),
    );
    expect((await read('waiting')).length).toBe(
      document.traces.reduce((sum, { waiting }) => sum + waiting.share.length, 0),
    );
    const bytes = readFileSync(join(folder, 'traces/attempts.parquet'));
    const { created_by, key_value_metadata } = parquetMetadata(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    );
    expect(created_by).toBe(`hangup ${document.version}`);
    expect(key_value_metadata).toContainEqual({ key: 'hangup.command', value: document.command });
  });
});
