/**
 * The folder of an experiment: tables, traces, pictures, a page, and the manifest that lists them.
 *
 *     report.html       the answer, with pictures and method
 *     values.csv        policy x parameters x replication x metric, one value a line
 *     estimates.csv     means with their intervals
 *     differences.csv   paired differences; where something was compared
 *     traces/*.parquet  one replication of each policy, looked at closely
 *     charts/*          each picture as SVG, PNG and Vega-Lite
 *     document.json     all of it as one document
 *     manifest.json     seed, configuration, versions, and the checksum of each file
 *
 * The manifest is written last and taken away first: a folder that has one is complete.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OutputError, reasonOf } from '../../cli/errors.ts';
import { chartsOf } from '../charts/charts.ts';
import { draw } from '../charts/draw.ts';
import { described } from '../charts/svg.ts';
import type { LabDocument } from '../experiment/document.ts';
import { labPage } from '../report/page.ts';
import type { DrawnChart } from '../report/pictures.ts';
import { type LabFile, writeLabFile } from './lab-file.ts';
import { codeSum, configSum, type LabMachine, type LabManifest, manifestOf } from './manifest.ts';
import { traceFiles } from './parquet.ts';
import { tablesOf } from './tables.ts';

export interface LabFolder {
  readonly path: string;
  readonly manifest: LabManifest;
}

export interface LabFolderOptions {
  /** Whether to draw: it takes a second or a few. Without it the report has its tables only. */
  readonly pictures?: boolean;
}

/**
 * Writes all files of an experiment. `machine` is what only this one can say: workers, wall time, when; nothing but the
 * manifest has it. Throws `OutputError`, one line, for the first that cannot be written.
 */
export async function writeLabFolder(
  document: LabDocument,
  folder: string,
  machine: LabMachine = {},
  { pictures = true }: LabFolderOptions = {},
): Promise<LabFolder> {
  const before = filesBefore(folder);
  take(join(folder, MANIFEST));
  const files: LabFile[] = [];
  const write = (path: string, holds: string, content: Uint8Array | string | Iterable<string>): void => {
    files.push(writeLabFile(folder, path, holds, content));
  };
  for (const table of tablesOf(document)) write(table.name, table.holds, table.lines());
  for (const { name, holds, bytes } of await traceFiles(document)) write(name, holds, bytes);
  write('document.json', 'the experiment as one document', `${JSON.stringify(document)}\n`);
  const drawn: DrawnChart[] = [];
  for (const chart of pictures ? chartsOf(document) : []) {
    const { svg, png } = await draw(chart.spec);
    const path = `charts/${chart.name}`;
    write(`${path}.svg`, chart.title, described(svg, chart.title, chart.says));
    write(`${path}.png`, chart.title, png);
    write(`${path}.vl.json`, chart.title, `${JSON.stringify(chart.spec)}\n`);
    drawn.push({ chart, svg });
  }
  const provenance = { configSha256: configSum(document), codeSha256: codeSum(), files: [...files] };
  write('report.html', 'the answer, with figures, pictures and method', labPage(document, drawn, provenance));
  // Pictures of an experiment that stood here before would be taken for those of this one.
  const now = new Set(files.map(({ path }) => path));
  for (const path of before) if (!now.has(path)) take(join(folder, path));
  const manifest = manifestOf(document, files, machine);
  writeLabFile(folder, MANIFEST, 'the manifest', `${JSON.stringify(manifest, null, 2)}\n`);
  return { path: folder, manifest };
}

const MANIFEST = 'manifest.json';

/** Files that an earlier experiment left here, by its manifest; only such as a folder of ours may have. */
function filesBefore(folder: string): readonly string[] {
  try {
    const { schema, files } = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as LabManifest;
    if (schema !== 'hangup/lab-manifest/1') return [];
    return files.map(({ path }) => path).filter((path) => /^((charts|traces)\/)?[a-z0-9_-]+(\.[a-z]+)+$/.test(path));
  } catch {
    return [];
  }
}

function take(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw new OutputError(`${path}: cannot be removed (${reasonOf(error)})`);
  }
}
