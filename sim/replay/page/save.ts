/// <reference lib="dom" />
/** What can be taken away: the timeline as SVG or PNG, the story as Markdown, the scenario as JSON, a link. */
import { formatInstant } from '../../../src/time.ts';
import { textAt, whoAt } from '../model/model.ts';
import type { Board } from './board/board.ts';
import { paletteNow } from './palette.ts';
import { storyLines } from './panels/story.ts';
import { changesOf } from './rerun.ts';
import type { State } from './state.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] as string);

const GUTTER = 150;
const HEAD = 64;

/** The board with its names, verdict, seed and digest, as the text of a file. */
export function svgOf(state: State, board: Board): string | null {
  const drawn = board.svg();
  if (drawn === null) return null;
  const color = paletteNow();
  const { run } = state;
  const [breach] = run.breaches;
  const text = (x: number, y: number, words: string, style: string): string =>
    `<text x="${x}" y="${y}" dominant-baseline="central" font-family="${escaped(color.sans)}" ${style}>${escaped(words)}</text>`;
  const names = drawn.lines.flatMap((line) => {
    const y = HEAD + line.y + line.height / 2;
    const bold = `font-size="12" font-weight="650" fill="${color.ink}"`;
    if (line.is === 'lane') return [text(12, y, line.party.id, bold)];
    if (line.is === 'fault')
      return [text(12, y, `${line.fault.name} ${line.fault.fault.kind}`, `font-size="11" fill="${color.ink2}"`)];
    if (line.is === 'law')
      return [
        text(
          12,
          y,
          `${line.broken ? '✕' : '✓'} ${line.name}`,
          `font-size="11" fill="${line.broken ? color.broken : color.ink2}"`,
        ),
      ];
    if (line.is === 'head') return [text(12, y, line.title, bold)];
    return line.is === 'stream'
      ? [
          text(
            12,
            HEAD + line.y + 14,
            run.streams[state.view.streams[line.place]]?.name ?? '',
            `font-size="11" font-weight="600" fill="${color.ink}"`,
          ),
        ]
      : [];
  });
  const title =
    breach === undefined
      ? run.exceeded === null
        ? '✓ every law holds'
        : `out of budget: ${run.exceeded}`
      : `✕ ${breach.message}`;
  const changed = changesOf(state).join(', ');
  const sub = `${run.scenario} · seed ${run.seed} · digest ${run.digest}${changed === '' ? '' : ` · changed: ${changed}`} · hangup ${state.subject.version}`;
  const width = drawn.width + GUTTER;
  const height = drawn.height + HEAD + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="${color.panel}"/>${text(12, 22, title, `font-size="16" font-weight="650" fill="${breach === undefined ? color.holds : color.broken}"`)}${text(12, 45, sub, `font-size="11.5" fill="${color.ink2}"`)}${names.join('')}<g transform="translate(${GUTTER} ${HEAD})"><clipPath id="board"><rect width="${drawn.width}" height="${drawn.height}"/></clipPath><g clip-path="url(#board)">${drawn.body}</g></g></svg>`;
}

export function png(svg: string, done: (blob: Blob | null) => void): void {
  const image = new Image();
  image.onload = (): void => {
    const canvas = document.createElement('canvas');
    canvas.width = image.width * 2;
    canvas.height = image.height * 2;
    const context = canvas.getContext('2d');
    context?.scale(2, 2);
    context?.drawImage(image, 0, 0);
    canvas.toBlob(done, 'image/png');
  };
  image.onerror = (): void => done(null);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** Text in a cell of a Markdown table, where nothing in it is markup. */
const cell = (text: string): string => text.replace(/[\\|`*_[\]<>#!~&]/g, (char) => `\\${char}`).replace(/\n/g, ' ');

/** The verdict and the story as a report for an issue. */
export function markdownOf(state: State, accused: readonly string[]): string {
  const { run, subject } = state;
  const [breach] = run.breaches;
  const lines = [
    `## ${cell(run.scenario)}, seed ${run.seed}: ${breach === undefined ? (run.exceeded === null ? 'every law holds' : 'out of budget') : `${cell(breach.law)} is broken`}`,
    '',
    ...(breach === undefined
      ? []
      : [`${cell(breach.message)} (${formatInstant(breach.at)}, event #${breach.event})`, '']),
    ...(accused.length === 0 ? [] : [`It takes ${accused.map(cell).join(' and ')}.`, '']),
    ...(changesOf(state).length === 0 ? [] : [`Changed: ${cell(changesOf(state).join(', '))}`, '']),
    `| at | who | what |`,
    '| - | - | - |',
    ...storyLines(run).map(
      ({ row, meanwhile }) =>
        `| ${formatInstant(run.rows.at[row] as number)} | ${cell(whoAt(run.rows, row))} | ${meanwhile ? 'meanwhile: ' : ''}${cell(textAt(run.rows, row))} |`,
    ),
    '',
    `Digest \`${run.digest}\`, hangup ${cell(subject.version)}. Again: \`${subject.paste.replaceAll('`', "'")}\``,
    '',
  ];
  return lines.join('\n');
}

export const scenarioOf = (state: State): string =>
  `${JSON.stringify({ schema: 'hangup/replay-page-export/1', version: state.subject.version, scenario: state.run.scenario, seed: state.run.seed, cell: state.run.cell, digest: state.run.digest, verdict: state.run.verdict, breaches: state.run.breaches.map(({ law, message, at, event }) => ({ law, message, at, event })), changed: changesOf(state), plan: state.run.plan, ...state.knobs, paste: state.subject.paste }, null, 2)}\n`;

/** Hands a file to the reader. */
export function download(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
