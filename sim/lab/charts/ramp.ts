/** Colours of values: a single hue from dark to light, which also prints in grey. */
import { SIZES, type Spec, textAt } from './chart.ts';
import { figure } from './figure.ts';
import { textWidth } from './font.ts';
import { light } from './palette.ts';

/** From least to most. */
const RAMP = ['#08306b', '#2171b5', '#6baed6', '#c6dbef', '#eff6ff'] as const;
/** Text on a cell; not colours of the page, which turn round where it is dark, while cells stay as they are. */
export const ON_DARK = '#fefefe';
export const ON_LIGHT = '#101010';
/** Who has no value: grey, and none of the page's own either. */
const NEVER = '#e4e4e4';
/** Around what won. */
export const FRAME = '#e8590c';

export interface Colour {
  readonly least: number;
  readonly most: number;
  of(value: number | null): string;
  /** From 0, the least, to 1; not even in values over more than a decade. */
  shade(share: number): string;
  isDark(value: number | null): boolean;
}

/** A colour for each value between the least and the most of those. */
export function ramp(known: readonly number[]): Colour {
  const [least, most] = [Math.min(...known), Math.max(...known)];
  // Over more than a decade the good ones would all look alike on a linear ramp.
  const logarithmic = least > 0 && most / least > 10;
  const share = (value: number): number => {
    if (most === least) return 0;
    return logarithmic ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
  };
  return {
    least,
    most,
    of: (value) => (value === null ? NEVER : between(share(value))),
    shade: between,
    isDark: (value) => value !== null && luminance(between(share(value))) < 0.18,
  };
}

/** Relative luminance, as WCAG defines it. Below 0.18 white stands out more than black does. */
function luminance(hex: string): number {
  const channel = (from: number): number => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function between(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (RAMP.length - 1);
  const nth = Math.min(RAMP.length - 2, Math.floor(at));
  const [a, b] = [RAMP[nth] as string, RAMP[nth + 1] as string];
  const channel = (from: number): string => {
    const [one, other] = [a, b].map((hex) => Number.parseInt(hex.slice(from, from + 2), 16)) as [number, number];
    return Math.round(one + (other - one) * (at - nth))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

const BOXES = 6;
const BOX = 12;

/** What the colours stand for, above a plot, up to its right end. */
export function rampLegend({ least, most, shade }: Colour, right: number): readonly Spec[] {
  const from = right - textWidth(figure(most), SIZES.small) - 4 - BOXES * BOX;
  const boxes = Array.from(
    { length: BOXES },
    (_, nth): Spec => ({
      data: { values: [{}] },
      mark: { type: 'rect', color: shade(nth / (BOXES - 1)) },
      encoding: {
        x: { value: from + nth * BOX },
        x2: { value: from + (nth + 1) * BOX },
        y: { value: -13 },
        y2: { value: -6 },
      },
    }),
  );
  return [
    ...boxes,
    textAt(from - 4, -6, figure(least), { align: 'right', color: light('ink2') }),
    textAt(right, -6, figure(most), { align: 'right', color: light('ink2') }),
  ];
}
