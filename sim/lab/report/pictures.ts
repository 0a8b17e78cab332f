/** The pictures of a report, each with its sentence, and with its data as a table for whoever does not see it. */
import { type Markup, markup } from '../../report/markup.ts';
import type { ChartTable, LabChart } from '../charts/chart.ts';
import { inlined } from './inline.ts';

export interface DrawnChart {
  readonly chart: LabChart;
  readonly svg: string;
}

export function picturesSection(drawn: readonly DrawnChart[]): Markup | null {
  if (drawn.length === 0) return null;
  return markup`<section id="pictures" aria-labelledby="pictures-h"><h2 id="pictures-h">Pictures</h2>
<div class="pictures">${drawn.map(
    ({ chart, svg }) => markup`<figure class="picture" id="picture-${chart.name}">${inlined(chart, svg, chart.name)}
<figcaption>${chart.says} <span class="files">${(['svg', 'png', 'vl.json'] as const).map((kind, nth) => markup`${nth > 0 ? ', ' : null}<a href="charts/${chart.name}.${kind}">${KINDS[kind]}</a>`)}</span></figcaption>
<details><summary>Data of this picture</summary><div class="scroll" tabindex="0" role="region" aria-label="Data: ${chart.title}">${dataTable(chart.table)}</div></details></figure>`,
  )}</div></section>`;
}

const KINDS = { svg: 'SVG', png: 'PNG', 'vl.json': 'Vega-Lite' } as const;

/** The first column names the line. */
export const dataTable = ({ caption, columns, rows }: ChartTable): Markup =>
  markup`<table><caption>${caption}</caption><thead><tr>${columns.map((column, nth) => markup`<th scope="col"${nth > 0 ? markup` class="n"` : null}>${column}</th>`)}</tr></thead><tbody>${rows.map(
    ([first = '', ...rest]) =>
      markup`<tr><th scope="row" title="${first}">${first}</th>${rest.map((value) => markup`<td class="n">${value}</td>`)}</tr>`,
  )}</tbody></table>`;
