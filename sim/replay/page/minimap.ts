/// <reference lib="dom" />
/** The whole run in a strip: how much was said, losses, faults, the breach, and the window, which is dragged here. */
import { formatInstant, formatRounded } from '../../../src/time.ts';
import { FATE, type Model } from '../model/model.ts';
import { el, fill } from './dom.ts';
import { CanvasPainter, type Painter } from './painter.ts';
import type { Palette } from './palette.ts';
import type { State } from './state.ts';

const HEIGHT = 44;

interface Bins {
  readonly all: Float64Array;
  readonly lost: Float64Array;
  readonly most: number;
}

export class Minimap {
  readonly element: HTMLElement;
  readonly #state: State;
  readonly #canvas = el('canvas', {
    height: HEIGHT,
    tabindex: 0,
    role: 'slider',
    'aria-label': 'Window of time: arrows move it, plus and minus zoom',
  });
  readonly #label = el('div', { class: 'label' });
  readonly #bins = new WeakMap<Model, { readonly width: number; readonly bins: Bins }>();

  constructor(state: State) {
    this.#state = state;
    this.element = el('div', { class: 'mini' }, this.#label, this.#canvas);
    this.#canvas.addEventListener('pointerdown', (event) => this.#grab(event));
    this.#canvas.addEventListener('dblclick', () => state.show(0, state.run.ended));
    this.#canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  render(color: Palette, accused: ReadonlySet<number>): void {
    const { run, view } = this.#state;
    const width = this.#canvas.clientWidth;
    const scale = devicePixelRatio || 1;
    this.#canvas.width = width * scale;
    this.#canvas.height = HEIGHT * scale;
    const context = this.#canvas.getContext('2d');
    if (context === null || width === 0) return;
    context.scale(scale, scale);
    const g = new CanvasPainter(context, color);
    const x = (at: number): number => (at / run.ended) * width;
    this.#paint(g, color, run, width, x, accused);
    g.rect(0, 0, x(view.from), HEIGHT, { fill: color.bg, alpha: 0.72 });
    g.rect(x(view.to), 0, width - x(view.to), HEIGHT, { fill: color.bg, alpha: 0.72 });
    g.rect(x(view.from) + 0.5, 0.5, Math.max(3, x(view.to) - x(view.from) - 1), HEIGHT - 1, {
      stroke: color.ink2,
      width: 1.3,
      radius: 3,
    });
    for (const { at } of run.breaches) g.line(x(at), 0, x(at), HEIGHT, { stroke: color.broken, width: 2 });
    g.line(x(view.at), 0, x(view.at), HEIGHT, { stroke: color.ink, width: 1 });
    fill(
      this.#label,
      el('b', {}, run.messages.count.toLocaleString('en')),
      ' messages',
      el('br'),
      `showing ${formatRounded(view.to - view.from)}`,
    );
    for (const [name, value] of Object.entries({
      min: 0,
      max: run.ended,
      now: Math.round(view.from),
      text: `${formatInstant(view.from)} to ${formatInstant(view.to)}`,
    }))
      this.#canvas.setAttribute(`aria-value${name}`, String(value));
  }

  #paint(
    g: Painter,
    color: Palette,
    run: Model,
    width: number,
    x: (at: number) => number,
    accused: ReadonlySet<number>,
  ): void {
    g.rect(0, 0, width, HEIGHT, { fill: color.panel });
    const { all, lost, most } = this.#binsOf(run, Math.max(1, Math.floor(width / 3)));
    for (const [i, count] of all.entries()) {
      if (count === 0) continue;
      const height = Math.sqrt(count / most) * (HEIGHT - 16);
      const left = (i / all.length) * width;
      g.rect(left, HEIGHT - 2 - height, 2, height, { fill: color.ink3, alpha: 0.55 });
      const bad = lost[i] as number;
      if (bad > 0) g.rect(left, HEIGHT - 2 - height, 2, Math.max(2.5, (height * bad) / count), { fill: color.lost });
    }
    const places = this.#state.places;
    for (const span of run.faults.slice(0, 60)) {
      const index = places.indexOf(span.number);
      g.rect(x(span.begins), 3 + (span.number % 5) * 4, Math.max(3, x(span.ends) - x(span.begins)), 3, {
        fill: accused.has(index) ? color.broken : color.ink3,
        alpha: 0.85,
        radius: 1,
      });
    }
  }

  #binsOf(run: Model, count: number): Bins {
    const known = this.#bins.get(run);
    if (known?.width === count) return known.bins;
    const [all, lost] = [new Float64Array(count), new Float64Array(count)];
    const { messages, ended } = run;
    for (let i = 0; i < messages.count; i++) {
      const bin = Math.min(count - 1, Math.floor(((messages.begins[i] as number) / ended) * count));
      all[bin] = (all[bin] as number) + 1;
      if (messages.fate[i] === FATE.lost || messages.fate[i] === FATE.late) lost[bin] = (lost[bin] as number) + 1;
    }
    const bins = { all, lost, most: all.reduce((a, b) => Math.max(a, b), 1) };
    this.#bins.set(run, { width: count, bins });
    return bins;
  }

  /** An edge is dragged, the window is moved, or a new one is drawn beside it. */
  #grab(event: PointerEvent): void {
    const state = this.#state;
    const { width, left } = this.#canvas.getBoundingClientRect();
    const timeOf = (at: PointerEvent): number => ((at.clientX - left) / width) * state.run.ended;
    const begin = timeOf(event);
    const { from, to } = state.view;
    const edge = (7 / width) * state.run.ended;
    const part =
      Math.abs(begin - from) < edge
        ? 'from'
        : Math.abs(begin - to) < edge
          ? 'to'
          : begin > from && begin < to && to - from < state.run.ended
            ? 'all'
            : 'new';
    this.#canvas.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent): void => {
      const now = timeOf(moved);
      if (part === 'from') state.show(Math.min(now, to - 50), to);
      else if (part === 'to') state.show(from, Math.max(now, from + 50));
      else if (part === 'all') state.show(from + now - begin, to + now - begin);
      else if (Math.abs(now - begin) > edge / 2) state.show(Math.min(begin, now), Math.max(begin, now));
    };
    const up = (): void => {
      this.#canvas.removeEventListener('pointermove', move);
      this.#canvas.removeEventListener('pointerup', up);
      this.#canvas.removeEventListener('pointercancel', up);
    };
    this.#canvas.addEventListener('pointermove', move);
    this.#canvas.addEventListener('pointerup', up);
    this.#canvas.addEventListener('pointercancel', up);
  }

  #key(event: KeyboardEvent): void {
    const { from, to } = this.#state.view;
    const width = to - from;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [from - width / 10, to - width / 10],
      ArrowRight: [from + width / 10, to + width / 10],
      ArrowUp: [from + width / 8, to - width / 8],
      ArrowDown: [from - width / 6, to + width / 6],
      '+': [from + width / 8, to - width / 8],
      '-': [from - width / 6, to + width / 6],
      Home: [0, width],
      End: [this.#state.run.ended - width, this.#state.run.ended],
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#state.show(...next);
  }
}
