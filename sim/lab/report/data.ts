/** What lies beside a report, how it is read, and the line that makes all of it again. */
import { type Markup, markup } from '../../report/markup.ts';
import { grouped } from '../charts/figure.ts';
import type { LabDocument } from '../experiment/document.ts';
import type { LabFile } from '../output/lab-file.ts';

/** What a report says of the manifest: of it, what no machine changes. */
export interface Provenance {
  readonly configSha256: string;
  /** Null where the code cannot be read. */
  readonly codeSha256: string | null;
  /** All files but the report and the manifest. */
  readonly files: readonly LabFile[];
}

export function dataSection({ configSha256, codeSha256, files }: Provenance, document: LabDocument): Markup {
  const terms: readonly (readonly [string, string])[] = [
    ['hangup', document.version],
    ['seed', document.seed],
    ['what was asked', configSha256],
    ['code', codeSha256 ?? 'not readable'],
  ];
  return markup`<section id="data" aria-labelledby="data-h"><h2 id="data-h">Data</h2>
<p class="say">The same seed, configuration and code give the same files, byte for byte. Sums are SHA-256; manifest.json also says which machine made them.</p>
<dl class="terms">${terms.map(([term, value]) => markup`<dt>${term}</dt><dd class="m">${value}</dd>`)}</dl>
<div class="scroll" tabindex="0" role="region" aria-label="Files"><table><thead><tr><th scope="col">file</th><th scope="col">holds</th><th scope="col" class="n">bytes</th><th scope="col">SHA-256</th></tr></thead><tbody>${files.map(
    ({ path, holds, bytes, sha256 }) =>
      markup`<tr><th scope="row"><a href="${path}">${path}</a></th><td>${holds}</td><td class="n">${grouped(bytes)}</td><td class="sum">${sha256}</td></tr>`,
  )}</tbody></table></div></section>`;
}

export function reproduceSection(document: LabDocument, files: readonly LabFile[]): Markup {
  const seeded = /(^| )--seed[ =]/.test(document.command) ? '' : ` --seed ${document.seed}`;
  const has = (path: string): boolean => files.some((file) => file.path === path);
  return markup`<section id="again" aria-labelledby="again-h"><h2 id="again-h">Again</h2>
<p class="say">This line makes the same figures again, with any number of workers:</p>
${paste(`${document.command}${seeded}`)}
<p class="say">The data in Python:</p>
${paste(`import pandas as pd
values = pd.read_csv('values.csv')
values.groupby(['storm', 'policy', 'metric']).value.describe()${has('traces/attempts.parquet') ? "\ndials = pd.read_parquet('traces/attempts.parquet')" : ''}`)}</section>`;
}

const paste = (text: string): Markup =>
  markup`<div class="paste"><code style="white-space:pre-wrap">${text}</code><button type="button" data-copy hidden>Copy</button></div>`;
