/// <reference lib="dom" />
/** One drawing, two painters: the screen's canvas and the SVG of a file, so that the file is the screen. */

export interface Stroke {
  readonly fill?: string | undefined;
  readonly stroke?: string | undefined;
  readonly width?: number;
  readonly alpha?: number;
  readonly dash?: readonly number[];
  readonly radius?: number;
}

export interface Lettering {
  readonly color: string;
  readonly size?: number;
  readonly weight?: number;
  readonly align?: 'left' | 'center' | 'right';
  readonly mono?: boolean;
  readonly halo?: string | undefined;
  readonly alpha?: number;
}

export interface Painter {
  line(x1: number, y1: number, x2: number, y2: number, style: Stroke): void;
  /** Points as x, y, x, y, …; closed when it is filled. */
  path(points: readonly number[], style: Stroke, closed?: boolean): void;
  rect(x: number, y: number, width: number, height: number, style: Stroke): void;
  circle(x: number, y: number, radius: number, style: Stroke): void;
  text(text: string, x: number, y: number, style: Lettering): void;
  widthOf(text: string, style: Omit<Lettering, 'color'>): number;
  clip(x: number, y: number, width: number, height: number, draw: () => void): void;
}

export interface Fonts {
  readonly sans: string;
  readonly mono: string;
}

const fontOf = (
  { size = 11, weight = 400, mono = false }: Omit<Lettering, 'color'>,
  { sans, mono: fixed }: Fonts,
): string => `${weight} ${size}px ${mono ? fixed : sans}`;

export class CanvasPainter implements Painter {
  readonly #c: CanvasRenderingContext2D;
  readonly #fonts: Fonts;

  constructor(context: CanvasRenderingContext2D, fonts: Fonts) {
    this.#c = context;
    this.#fonts = fonts;
  }

  #apply({ fill, stroke, width = 1, alpha = 1, dash }: Stroke): void {
    const c = this.#c;
    c.globalAlpha = alpha;
    c.setLineDash(dash === undefined ? NONE : [...dash]);
    if (fill !== undefined) {
      c.fillStyle = fill;
      c.fill();
    }
    if (stroke !== undefined) {
      c.strokeStyle = stroke;
      c.lineWidth = width;
      c.stroke();
    }
  }

  line(x1: number, y1: number, x2: number, y2: number, style: Stroke): void {
    const c = this.#c;
    c.beginPath();
    c.moveTo(x1, y1);
    c.lineTo(x2, y2);
    this.#apply(style);
  }

  path(points: readonly number[], style: Stroke, closed = false): void {
    const c = this.#c;
    c.beginPath();
    c.moveTo(points[0] as number, points[1] as number);
    for (let i = 2; i < points.length; i += 2) c.lineTo(points[i] as number, points[i + 1] as number);
    if (closed) c.closePath();
    this.#apply(style);
  }

  rect(x: number, y: number, width: number, height: number, style: Stroke): void {
    const c = this.#c;
    c.beginPath();
    if (style.radius === undefined || width < 3) c.rect(x, y, Math.max(width, 0.5), height);
    else c.roundRect(x, y, width, height, Math.min(style.radius, width / 2));
    this.#apply(style);
  }

  circle(x: number, y: number, radius: number, style: Stroke): void {
    this.#c.beginPath();
    this.#c.arc(x, y, radius, 0, 7);
    this.#apply(style);
  }

  text(text: string, x: number, y: number, style: Lettering): void {
    const c = this.#c;
    c.font = fontOf(style, this.#fonts);
    c.textAlign = style.align ?? 'left';
    c.textBaseline = 'middle';
    c.globalAlpha = style.alpha ?? 1;
    if (style.halo !== undefined) {
      c.setLineDash(NONE);
      c.strokeStyle = style.halo;
      c.lineWidth = 3.5;
      c.lineJoin = 'round';
      c.strokeText(text, x, y);
      c.lineJoin = 'miter';
    }
    c.fillStyle = style.color;
    c.fillText(text, x, y);
  }

  widthOf(text: string, style: Omit<Lettering, 'color'>): number {
    this.#c.font = fontOf(style, this.#fonts);
    return this.#c.measureText(text).width;
  }

  clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    const c = this.#c;
    c.save();
    c.beginPath();
    c.rect(x, y, width, height);
    c.clip();
    draw();
    c.restore();
  }
}

const NONE: number[] = [];
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] as string);
const round = (number: number): number => Math.round(number * 10) / 10;

export class SvgPainter implements Painter {
  readonly parts: string[] = [];
  readonly #fonts: Fonts;
  readonly #measure: Painter;
  #clips = 0;

  constructor(fonts: Fonts, measure: Painter) {
    this.#fonts = fonts;
    this.#measure = measure;
  }

  #style({ fill = 'none', stroke, width = 1, alpha = 1, dash }: Stroke): string {
    const line = stroke === undefined ? '' : ` stroke="${escaped(stroke)}" stroke-width="${width}"`;
    return ` fill="${escaped(fill)}"${line}${alpha === 1 ? '' : ` opacity="${alpha}"`}${dash === undefined || dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}"`}`;
  }

  line(x1: number, y1: number, x2: number, y2: number, style: Stroke): void {
    this.path([x1, y1, x2, y2], style);
  }

  path(points: readonly number[], style: Stroke, closed = false): void {
    let d = '';
    for (let i = 0; i < points.length; i += 2)
      d += `${i === 0 ? 'M' : 'L'}${round(points[i] as number)} ${round(points[i + 1] as number)}`;
    this.parts.push(`<path d="${d}${closed ? 'Z' : ''}"${this.#style(style)}/>`);
  }

  rect(x: number, y: number, width: number, height: number, style: Stroke): void {
    const radius = style.radius === undefined ? '' : ` rx="${style.radius}"`;
    this.parts.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(width, 0.5))}" height="${round(height)}"${radius}${this.#style(style)}/>`,
    );
  }

  circle(x: number, y: number, radius: number, style: Stroke): void {
    this.parts.push(`<circle cx="${round(x)}" cy="${round(y)}" r="${radius}"${this.#style(style)}/>`);
  }

  text(text: string, x: number, y: number, style: Lettering): void {
    const { size = 11, weight = 400, mono = false, align = 'left', halo, color } = style;
    const anchor = { left: 'start', center: 'middle', right: 'end' }[align];
    const outline = halo === undefined ? '' : ` stroke="${escaped(halo)}" stroke-width="3.5" paint-order="stroke"`;
    this.parts.push(
      `<text x="${round(x)}" y="${round(y)}" dominant-baseline="central" font-size="${size}" font-weight="${weight}" font-family="${escaped(mono ? this.#fonts.mono : this.#fonts.sans)}" text-anchor="${anchor}" fill="${escaped(color)}"${outline}>${escaped(text)}</text>`,
    );
  }

  widthOf(text: string, style: Omit<Lettering, 'color'>): number {
    return this.#measure.widthOf(text, style);
  }

  clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    const id = `clip${++this.#clips}`;
    this.parts.push(
      `<clipPath id="${id}"><rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"/></clipPath><g clip-path="url(#${id})">`,
    );
    draw();
    this.parts.push('</g>');
  }
}

/** Slanted lines within a rectangle; only as many as are seen between `left` and `right`. */
export function hatch(
  g: Painter,
  [x, y, width, height]: readonly [number, number, number, number],
  [left, right]: readonly [number, number],
  color: string,
  { gap = 5, alpha = 1 }: { readonly gap?: number; readonly alpha?: number } = {},
): void {
  const a = Math.max(x, left);
  const b = Math.min(x + width, right);
  if (b <= a) return;
  g.clip(a, y, b - a, height, () => {
    const first = a - height - ((a - height) % gap);
    const points: number[] = [];
    for (let at = first; at < b; at += gap) points.push(at);
    for (const at of points) g.line(at, y + height, at + height, y, { stroke: color, width: 1.2, alpha });
  });
}

export function cross(g: Painter, x: number, y: number, size: number, color: string, alpha = 1): void {
  g.line(x - size, y - size, x + size, y + size, { stroke: color, width: 1.8, alpha });
  g.line(x - size, y + size, x + size, y - size, { stroke: color, width: 1.8, alpha });
}
