/**
 * The report of an experiment: one HTML page that opens offline, asks nobody for anything and is complete without its
 * script. The answer comes first, then figures, pictures, and how they were made. It is a pure function of the document,
 * its pictures and the sums of its files.
 */
import { createHash } from 'node:crypto';
import { type Markup, markup, verbatim } from '../../report/markup.ts';
import { stormWords } from '../charts/chart.ts';
import { grouped } from '../charts/figure.ts';
import { readings } from '../charts/reading.ts';
import type { LabDocument } from '../experiment/document.ts';
import { warningsOf } from '../experiment/warnings.ts';
import { replicationsOf } from '../output/replications.ts';
import { dataSection, type Provenance, reproduceSection } from './data.ts';
import { figuresSection } from './figures.ts';
import { methodSection } from './method.ts';
import { type DrawnChart, picturesSection } from './pictures.ts';
import { LAB_SCRIPT, LAB_STYLE } from './style.ts';

/** The page as text. */
export function labPage(document: LabDocument, drawn: readonly DrawnChart[], provenance: Provenance): string {
  const all = readings(document);
  const title = titleOf(document);
  const sections: readonly (readonly [id: string, title: string, section: Markup | null])[] = [
    ['figures', 'Figures', figuresSection(all)],
    ['pictures', 'Pictures', picturesSection(drawn)],
    ['method', 'Method', methodSection(document)],
    ['data', 'Data', dataSection(provenance, document)],
    ['again', 'Again', reproduceSection(document, provenance.files)],
  ];
  const shown = sections.filter(([, , section]) => section !== null);
  // Only this script may run: markup that slipped through as text of somebody's could not.
  const allowed = createHash('sha256').update(LAB_SCRIPT).digest('base64');
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';script-src 'sha256-${allowed}';img-src data:;base-uri 'none';form-action 'none'">
<meta name="color-scheme" content="light dark"><title>${title} · hangup</title><link rel="icon" href="data:,">
<style>${verbatim(LAB_STYLE)}</style></head><body>
<a class="skip" href="#main">Skip to the figures</a>
<header><div class="top"><span class="brand">${LOGO}hangup lab</span><span class="meta">${meta(document)}</span><button type="button" id="theme" hidden>Theme</button></div>
<div class="verdict${document.stopped === null ? null : ' stopped'}"><h1>${title}</h1>${answer(document)}</div></header>
<nav aria-label="Sections">${shown.map(([id, name]) => markup`<a href="#${id}">${name}</a>`)}${drawn
    .filter(({ chart }) => !chart.name.startsWith('forest-'))
    .slice(0, 8)
    .map(({ chart }) => markup`<a href="#picture-${chart.name}">${chart.title}</a>`)}</nav>
<main id="main">${shown.map(([, , section]) => section)}<footer>Written by hangup ${document.version}. All times are virtual: the same seed gives the same figures on every machine.</footer></main>
<div id="spoken" class="sr" role="status"></div>
<script>${verbatim(LAB_SCRIPT)}</script></body></html>
`.markup;
}

const LOGO = markup`<svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true"><path d="M2 6h5l3 8 3-8h5"/><path d="M2 14h3M15 14h3" opacity=".5"/></svg>`;

function titleOf({ asks, contenders, storms, tuning }: LabDocument): string {
  const estimated = contenders.filter(({ phase }) => phase === 'estimate').length;
  const policies = `${grouped(estimated)} ${estimated === 1 ? 'policy' : 'policies'}`;
  const [storm] = storms;
  const where = storms.length === 1 && storm !== undefined ? stormWords(storm) : `${grouped(storms.length)} storms`;
  if (asks === 'tune' && tuning !== null) return `${tuning.family} tuned for ${where}`;
  return `${policies}: ${where}`;
}

function meta(document: LabDocument): Markup {
  const { least, most } = replicationsOf(document);
  const many = least === most ? grouped(least) : `${grouped(least)} to ${grouped(most)}`;
  return markup`<span>version <b>${document.version}</b></span><span>lab <b>${document.asks}</b></span><span><b>${many}</b> ${most === 1 ? 'replication' : 'replications'} a policy</span><span>seed <b class="m">${document.seed}</b></span>`;
}

/** What the document says in words: its first paragraph is the answer. */
function answer(document: LabDocument): Markup {
  const { words, stopped, storms } = document;
  const [first, ...more] = words;
  const warnings = warningsOf(document);
  const early =
    stopped === null
      ? null
      : markup`<p class="early">Stopped early (${stopped}): these are the figures of what was done until then.</p>`;
  return markup`${early}${first === undefined ? null : markup`<p class="answer">${first}</p>`}${more.map((text) => markup`<p>${text}</p>`)}${warnings.length === 0 ? null : markup`<ul class="warnings">${warnings.map(({ storm, contender, states }) => markup`<li><b>${contender}</b>${storms.length > 1 ? ` (${storm})` : null}: ${states}</li>`)}</ul>`}`;
}
