/** A drawn picture within a page: its colours are those of the page, and its names are no other picture's. */
import { type Markup, markup, verbatim } from '../../report/markup.ts';
import type { LabChart } from '../charts/chart.ts';
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
  const box = /viewBox="([\d. ]+)"/.exec(svg)?.[1] ?? '0 0 340 200';
  return markup`<svg viewBox="${box}" role="img" aria-label="${title}. ${says}">${verbatim(inner)}</svg>`;
}
