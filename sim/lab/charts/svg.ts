/**
 * An SVG as Vega writes it, made smaller: coordinates in hundredths of a pixel, and neighbours that look alike as one
 * path. A picture of thousands of dials becomes a tenth of its size, has no seams between bars that touch, and no digit
 * in which two machines might round differently.
 */

import { escapeMarkup } from '../../report/markup.ts';

/** Text of a picture never gets here: it stands between tags, where `<` and `>` are escaped. */
const TAG = /<[a-z][^<>]*>/g;
const PLACED = /\b(d|transform|x|y|x1|x2|y1|y2|width|height|cx|cy|r|stroke-width|stroke-dasharray)="([^"]*)"/g;
const NUMBER = /-?\d*\.\d+(?:e-?\d+)?|-?\d+e-?\d+/g;

const rounded = (svg: string): string =>
  svg.replace(TAG, (tag) =>
    tag.replace(PLACED, (_, name: string, value: string) => `${name}="${boxed(value).replace(NUMBER, hundredths)}"`),
  );

/** A box is rounded by its four edges, or boxes that touch would have a gap between them. */
const BOX = /M(-?[\d.e-]+),(-?[\d.e-]+)h(-?[\d.e-]+)v(-?[\d.e-]+)h-?[\d.e-]+Z/g;

const boxed = (path: string): string =>
  path.replace(BOX, (_, ...parts: string[]) => {
    const [x = 0, y = 0, width = 0, height = 0] = parts.slice(0, 4).map(Number);
    const [left, top] = [Number(hundredths(String(x))), Number(hundredths(String(y)))];
    const wide = hundredths(String(Number(hundredths(String(x + width))) - left));
    const high = hundredths(String(Number(hundredths(String(y + height))) - top));
    return `M${left},${top}h${wide}v${high}h${Number(wide) === 0 ? 0 : -Number(wide)}Z`;
  });

const hundredths = (number: string): string => {
  const value = Math.round(Number(number) * 100) / 100;
  return String(value === 0 ? 0 : value);
};

const SAME = /(?:<path d="[^"]*"[^<>]*\/>){2,}/g;
const PATH = /<path d="([^"]*)"([^<>]*)\/>/g;

const joined = (svg: string): string =>
  svg.replace(SAME, (paths) => {
    const groups: { look: string; d: string[] }[] = [];
    for (const [, d = '', look = ''] of paths.matchAll(PATH)) {
      const last = groups.at(-1);
      if (last !== undefined && last.look === look) last.d.push(d);
      else groups.push({ look, d: [d] });
    }
    return groups.map(({ look, d }) => `<path d="${d.join('')}"${look}/>`).join('');
  });

/** What Vega says of its own marks, and its empty backgrounds: nothing is seen of it, and nothing heard. */
const NOISE = / (?:class|role|aria-roledescription|aria-hidden|pointer-events)="[^"]*"/g;
const EMPTY = /<path d="[^"]*"(?: display="none")?\/>(?=<)/g;

const quiet = (svg: string): string => svg.replace(TAG, (tag) => tag.replace(NOISE, '')).replace(EMPTY, '');

/** The same picture in fewer bytes. */
export const compact = (svg: string): string => joined(rounded(quiet(svg)));

/** The same with its title and its sentence, for whoever does not see it. */
export const described = (svg: string, title: string, says: string): string =>
  svg.replace(/^<svg[^>]*>/, (tag) => `${tag}<title>${escapeMarkup(title)}</title><desc>${escapeMarkup(says)}</desc>`);
