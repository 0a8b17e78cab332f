/** A drawn picture within a page: its colours are those of the page, and its names are no other picture's. */
import { type Markup, markup, verbatim } from '../../report/markup.ts';
import type { LabChart } from '../charts/chart.ts';
import { textWidth } from '../charts/font.ts';
import { TOKENS } from '../charts/palette.ts';

const VARIABLES = new Map<string, string>(
  Object.entries(TOKENS).map(([token, [light]]) => [light, `var(--c-${token})`]),
);

/** Text of names stands between tags; only what tags say is rewritten. */
export function inlined({ title, says }: Pick<LabChart, 'title' | 'says'>, svg: string, id: string): Markup {
  const inner = svg
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/<[a-z][^<>]*>/g, (tag) =>
      tag
        .replace(/ (fill|stroke)="(#[0-9a-f]{6})"/g, (all, name: string, hex: string) => {
          const variable = VARIABLES.get(hex);
          return variable === undefined ? all : ` ${name}="${variable}"`;
        })
        .replace(/ id="([^"]*)"/g, ` id="${id}-$1"`)
        .replace(/url\(#([^)]*)\)/g, `url(#${id}-$1)`),
    );
  const set = inner
    .replace(TEXT, (_, look: string, text: string) => `<text${look}${lengthOf(look, text)}>${text}</text>`)
    .replace(LINES, (_, look: string, lines: string) => {
      const each = (_: string, place: string, text: string) => `<tspan${place}${lengthOf(look, text)}>${text}</tspan>`;
      return `<text${look}>${lines.replace(LINE, each)}</text>`;
    });
  const box = /viewBox="([\d. ]+)"/.exec(svg)?.[1] ?? '0 0 340 200';
  return markup`<svg viewBox="${box}" role="img" aria-label="${title}. ${says}">${verbatim(set)}</svg>`;
}

/** Text of several lines has a piece for each. */
const LINES = /<text([^<>]*)>((?:<tspan[^<>]*>[^<>]*<\/tspan>)+)<\/text>/g;
const LINE = /<tspan([^<>]*)>([^<>]*)<\/tspan>/g;
const TEXT = /<text([^<>]*)>([^<>]*)<\/text>/g;

/**
 * How long a text is in its own font: a page may be read where neither that nor any of its twins is, and a wider one would
 * run into what stands beside it.
 */
function lengthOf(look: string, text: string): string {
  const size = Number(/font-size="([\d.]+)px"/.exec(look)?.[1] ?? Number.NaN);
  const length = textWidth(unescaped(text).trim(), size, /font-weight="bold"/.test(look) ? 'bold' : 'regular');
  return length > 0 ? ` textLength="${length.toFixed(1)}" lengthAdjust="spacingAndGlyphs"` : '';
}

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
