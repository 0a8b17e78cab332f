/**
 * The report of a sweep: one HTML page that opens offline, asks nobody for anything and is complete without its script.
 * It is a pure function of the document and the trend.
 */
import { argumentsText } from '../explore/command-line.ts';
import { badRunsOf, type ExploreDocument } from '../explore/document.ts';
import type { KnownMetrics } from '../explore/metrics.ts';
import { buffersSection } from './buffers.ts';
import { cellsSection } from './cells.ts';
import { coverageSection } from './coverage.ts';
import { detailsSection } from './details.ts';
import { errorsSection } from './errors.ts';
import { figuresSection } from './figures.ts';
import { failuresSection } from './groups.ts';
import { headlineSections, type Told, titleOf, toldBy } from './headline.ts';
import { type Markup, markup, verbatim } from './markup.ts';
import { rushSection } from './rush.ts';
import { scenariosSection } from './scenarios.ts';
import { mergeSpreads } from './spread.ts';
import { SCRIPT, STYLE } from './style.ts';
import { missedTargets, openTargets, targetsSection } from './targets.ts';
import { trendSection } from './trend.ts';
import type { Trend } from './trend-file.ts';
import { findingsOf, mustBeDocument, verdictBand, verdictOf } from './verdict.ts';
import { count, counted, duration, inUnit, NOTHING, percent, size } from './words.ts';

/** What a page that is served has besides: see sim/serve. */
export interface Served {
  /** Above the verdict. */
  readonly bar: Markup;
  readonly style: string;
  readonly script: string;
}

/** The page as text; `served` when it comes from a server on this machine that tells it what is new. */
export function reportPage(document: ExploreDocument, trend: Trend | null, served: Served | null = null): string {
  mustBeDocument(document);
  const sections: readonly (readonly [id: string, title: string, section: Markup | null])[] = [
    ['failures', 'Failing seeds', failuresSection(document)],
    ['targets', 'Targets', targetsSection(document)],
    ['scenarios', 'Scenarios', scenariosSection(document)],
    ['figures', 'Figures', figuresSection(document)],
    ...headlineSections(document),
    ['admission', 'Admission', rushSection(document)],
    ['cells', 'Cells', cellsSection(document)],
    ['coverage', 'Coverage', coverageSection(document)],
    ['buffers', 'Buffers', buffersSection(document)],
    ['errors', 'Errors', errorsSection(document)],
    ['trend', 'Trend', trendSection(document, trend)],
    ['details', 'Details', detailsSection(document)],
  ];
  const shown = sections.filter(([, , section]) => section !== null);
  const findings = findingsOf(document).length;
  const missed = missedTargets(document).length;
  const { sentence } = verdictOf(document);
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';script-src 'unsafe-inline';img-src data:${served === null ? '' : `;connect-src 'self'`}">
<meta name="color-scheme" content="light dark"><title>${sentence} · hangup</title><link rel="icon" href="data:,">
<style>${verbatim(STYLE)}${served === null ? null : verbatim(served.style)}</style></head><body>
<a class="skip" href="#main">Skip to the figures</a>
<div class="top"><span class="brand">${LOGO}hangup</span><span class="meta">${meta(document)}</span><button type="button" id="theme" hidden>Theme</button></div>
${served?.bar}${verdictBand(document)}
${tiles(document)}
<nav aria-label="Sections">${shown.map(([id, title]) => markup`<a href="#${id}">${title}${id === 'details' && findings > 0 ? markup`<i>✕ ${findings}</i>` : null}${id === 'targets' && missed > 0 ? markup`<i>✕ ${missed}</i>` : null}</a>`)}</nav>
<main id="main">${shown.map(([, , section]) => section)}${footer(document)}</main>
<div id="spoken" class="sr" role="status"></div>
<script>${verbatim(SCRIPT)}${served === null ? null : verbatim(served.script)}</script></body></html>
`;
  return page.markup;
}

const LOGO = markup`<svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true"><path d="M2 6h5l3 8 3-8h5"/><path d="M2 14h3M15 14h3" opacity=".5"/></svg>`;

/** What was run, in the top bar. */
function meta({ version, seeds, from, scenarios, arguments: given }: ExploreDocument): Markup {
  const flags = argumentsText(given);
  return markup`<span>version <b>${version}</b></span><span><b>${counted(scenarios.length, 'scenario')}</b></span><span><b>${counted(seeds, 'seed')}</b> each from <b class="m">${from}</b></span>${flags !== '' && markup`<span class="m">${flags}</span>`}`;
}

/** The sweep in eight figures, of which those are left out that no scenario measures. */
function tiles(document: ExploreDocument): Markup {
  const { scenarios, wall } = document;
  const sum = (of: (each: (typeof scenarios)[number]) => number): number =>
    scenarios.reduce((all, each) => all + of(each), 0);
  const measure = (key: keyof KnownMetrics): boolean => scenarios.some(({ metrics }) => metrics[key] !== undefined);
  const owed = sum(({ metrics }) => metrics.streams_owed ?? 0);
  const completed = sum(({ metrics }) => metrics.streams_completed ?? 0);
  const intact = scenarios
    .flatMap(({ metrics }) => metrics.integrity_percent ?? [])
    .reduce<number | null>((least, each) => Math.min(least ?? each, each), null);
  const promised = sum(({ targets }) => targets.length);
  const missed = missedTargets(document).length;
  const open = openTargets(document).length;
  const bad = sum(badRunsOf);
  const fullest = scenarios.reduce((most, { metrics }) => Math.max(most, metrics.peak_buffer_bytes ?? 0), 0);
  const disconnects = sum(({ metrics }) => metrics.disconnects ?? 0);
  const tile = (name: string, value: Markup | string, below: string): Markup =>
    markup`<div><dt>${name}</dt><dd>${value}<small>${below}</small></dd></div>`;
  return markup`<dl class="tiles">${[
    tile('Runs', count(sum(({ runs }) => runs)), bad === 0 ? 'none broken' : `${count(bad)} broken`),
    tile(
      'Targets met',
      promised === 0 ? NOTHING : `${count(promised - missed - open)} of ${count(promised)}`,
      promised === 0
        ? 'none promised'
        : `${missed === 0 ? 'none' : count(missed)} missed${open === 0 ? '' : `, not enough seeds for ${count(open)}`}`,
    ),
    measure('streams_owed') &&
      tile(
        'Streams complete',
        percent(owed === 0 ? null : (completed / owed) * 100),
        `${count(completed)} of ${count(owed)} owed`,
      ),
    measure('integrity_percent') && tile('Streams intact', percent(intact), 'in the worst scenario'),
    measure('disconnects') && tile('Connections lost', count(disconnects), 'by clients'),
    ...[...toldBy(scenarios)].slice(0, 2).map(([name, told]) => {
      const { p50, p95, max } = mergeSpreads(told.map(({ spread }) => spread));
      const words = (value: number | null): string => inUnit((told[0] as Told).headline, value);
      return tile(`${titleOf(name)} p95`, words(p95), `p50 ${words(p50)}, max ${words(max)}`);
    }),
    measure('peak_buffer_bytes') && tile('Largest buffer', size(fullest), 'held by one connection'),
    tile(
      'Virtual time',
      duration(sum(({ metrics }) => metrics.virtual_s) * 1000),
      `${count(sum(({ metrics }) => metrics.events))} events in ${duration(wall.seconds * 1000)}`,
    ),
  ]}</dl>`;
}

const footer = ({ version, scenarios }: ExploreDocument): Markup =>
  markup`<footer><dl>${scenarios.some(({ metrics }) => metrics.recovery_ms !== undefined) ? RECOVERED : null}<dt>p95</dt><dd>what 95 % of samples do not exceed, within 0.8 %; the maximum is exact</dd></dl>Written by hangup ${version}. On a narrow screen some columns are left out; results.json and a wider one have all. All times but the wall time are virtual; the same seeds give the same figures on every machine.</footer>`;

const RECOVERED = markup`<dt>reconnect</dt><dd>from the loss of a connection, as the client saw it, to the next WELCOME</dd><dt>resume</dt><dd>from that WELCOME to the last REPLAY_END</dd><dt>recovery</dt><dd>from the loss to the first new byte for the application, or to the end of an empty replay</dd>`;
