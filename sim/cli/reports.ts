/** What `explore` leaves behind besides its table: the report, reporters for CI, the trend. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ExploreDocument } from '../explore/document.ts';
import { inTheWay, makeFolder, shortest } from '../explore/folder.ts';
import { readFile } from '../input/read-file.ts';
import { github } from '../report/github.ts';
import { junit } from '../report/junit.ts';
import { reportPage } from '../report/page.ts';
import { parseTrend, type Trend, trendEntry } from '../report/trend-file.ts';
import { OutputError, reasonOf, UsageError } from './errors.ts';
import { unknownName } from './names.ts';
import { appendLine, writeEach, writeWhole } from './output.ts';
import { streams } from './streams.ts';
import { warn } from './terminal.ts';

export interface ReportFlags {
  readonly report?: string;
  readonly reporter?: readonly string[];
  readonly trend?: string;
  readonly json?: boolean;
}

export interface Reports {
  /** Whether a reporter has standard output, so that no table goes there. */
  readonly takesStdout: boolean;
  /** Whether anything was asked for: a tenth of a second a scenario goes into the document, and a table needs none. */
  readonly asked: boolean;
  /** Writes everything that was asked for; `at` is the wall time, ISO 8601. Throws `OutputError`. */
  deliver(document: ExploreDocument, at: string): void;
}

const REPORTERS: Readonly<Record<string, (document: ExploreDocument) => string>> = {
  junit,
  github,
};

/** Checks the flags before the sweep: hours of runs must not end at a folder that cannot be written. */
export function reportsOf(flags: ReportFlags): Reports {
  const reporters = (flags.reporter ?? []).map(reporterOf);
  const onStdout = reporters.filter(({ path }) => path === null);
  if (onStdout.some(({ name }) => name === 'junit') && (flags.json || onStdout.length > 1))
    throw new UsageError('--reporter junit: standard output has another document already: use --reporter junit:FILE');
  if (flags.report === '') throw new UsageError('--report: expected a folder, got ""');
  if (flags.trend === '') throw new UsageError('--trend: expected a file, got ""');
  const files = [
    ...(flags.trend === undefined ? [] : [{ flag: '--trend', path: flags.trend }]),
    ...reporters.flatMap(({ name, path }) => (path === null ? [] : [{ flag: `--reporter ${name}`, path }])),
  ];
  if (flags.report !== undefined) mustBeFolder('--report', flags.report);
  for (const { flag, path } of files) mustBeWritable(flag, path);
  mustBeApart([
    ...files,
    ...(flags.report === undefined
      ? []
      : ['results.json', 'index.html'].map((name) => ({ flag: '--report', path: join(flags.report ?? '', name) }))),
  ]);
  return {
    takesStdout: onStdout.some(({ name }) => name === 'junit'),
    asked: reporters.length > 0 || flags.report !== undefined || flags.trend !== undefined,
    deliver(document, at) {
      const report = ({ make, path }: Reporter): void => {
        if (path !== null) writeWhole(path, make(document));
        // GitHub reads commands on both; with --json, standard output is the document's alone.
        else (flags.json ? streams().stderr : streams().stdout).write(make(document));
      };
      let trend: Trend | null = null;
      writeEach([
        ...reporters.map((each) => () => report(each)),
        () => {
          if (flags.trend !== undefined) trend = append(flags.trend, document, at);
        },
        () => {
          if (flags.report !== undefined) writePage(flags.report, document, trend);
        },
      ]);
    },
  };
}

interface Reporter {
  readonly name: string;
  make(document: ExploreDocument): string;
  /** Null for standard output. */
  readonly path: string | null;
}

/** `junit`, or `junit:FILE`. */
function reporterOf(given: string): Reporter {
  const [name = '', ...rest] = given.split(':');
  const names = Object.keys(REPORTERS);
  const make = names.includes(name) ? REPORTERS[name] : undefined;
  if (make === undefined) throw unknownName('unknown reporter', name, names, names.join(', '));
  const path = rest.join(':');
  if (path === '' && rest.length > 0) throw new UsageError(`--reporter ${name}: expected a file behind the colon`);
  return { name, make, path: path === '' ? null : path };
}

function writePage(folder: string, document: ExploreDocument, trend: Trend | null): void {
  writeWhole(join(folder, 'results.json'), `${JSON.stringify(document)}\n`);
  writeWhole(join(folder, 'index.html'), reportPage(document, trend));
}

function append(path: string, document: ExploreDocument, at: string): Trend {
  appendLine(path, JSON.stringify(trendEntry(document, at)));
  const trend = parseTrend(readFile(path).toString('utf8'));
  for (const problem of trend.problems) warn(`${path}: ${problem}`);
  return trend;
}

function mustBeFolder(flag: string, path: string): void {
  const file = inTheWay(resolve(path));
  if (file !== null) throw new OutputError(`${flag} ${path}: expected a folder, but ${shortest(file)} is a file`);
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new OutputError(`${path}: cannot be written (${reasonOf(error)})`);
  }
}

function mustBeWritable(flag: string, path: string): void {
  const file = inTheWay(dirname(resolve(path)));
  if (file !== null)
    throw new OutputError(`${flag} ${path}: expected a file in a folder, but ${shortest(file)} is a file`);
  mustBeFolder(flag, dirname(resolve(path)));
  try {
    // Also what no file can be called, or not while it is being written.
    statSync(`${path}.${process.pid}.tmp`, { throwIfNoEntry: false });
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return;
    // Renaming over a device would take its place, and a pipe that nobody reads never takes a line.
    if (!stats.isFile())
      throw new OutputError(
        `${flag} ${path}: expected a file, but it is a ${stats.isDirectory() ? 'folder' : 'device or pipe'}`,
      );
    accessSync(path, constants.W_OK);
  } catch (error) {
    if (error instanceof OutputError) throw error;
    throw new OutputError(`${path}: cannot be written (${reasonOf(error)})`);
  }
}

/** Of two things that go to one file, the second would take the place of the first. */
function mustBeApart(outputs: readonly { readonly flag: string; readonly path: string }[]): void {
  const seen = new Map<string, string>();
  for (const { flag, path } of outputs) {
    const other = seen.get(resolve(path));
    if (other !== undefined) throw new UsageError(`${flag} and ${other}: expected a file each, got ${path} for both`);
    seen.set(resolve(path), flag);
  }
}
