/// <reference lib="dom" />
/** The board: a canvas in two layers of meaning (what is drawn, what a pointer does), with its gutter. */
import { formatDuration, formatInstant } from '../../../../src/time.ts';
import { FATE, type Model, textAt, whoAt } from '../../model/model.ts';
import { el, fill } from '../dom.ts';
import type { Experiments } from '../experiments.ts';
import { CanvasPainter, SvgPainter } from '../painter.ts';
import { type Palette, paletteNow } from '../palette.ts';
import { rowAt } from '../place.ts';
import type { Reruns } from '../rerun.ts';
import type { State } from '../state.ts';
import { axisOf } from '../time.ts';
import { barAt, barY } from './bars.ts';
import { drawBoard } from './draw.ts';
import { holdOf, spanOf } from './faults.ts';
import { type FaultActions, Gutter } from './gutter.ts';
import { layoutOf, type Placed } from './layout.ts';
import { messageAt } from './messages.ts';
import type { Scene } from './scene.ts';

export interface BoardActions extends FaultActions {
  /** A fault was dragged: it begins there, or lasts so long; `done` when it was let go. */
  drag(index: number, at: number, part: 'all' | 'end', done: boolean): void;
}

const NONE: ReadonlySet<number> = new Set();

export class Board {
  readonly element: HTMLElement;
  /** How long the last painting took, in milliseconds. */
  took = 0;
  readonly #state: State;
  readonly #reruns: Reruns;
  readonly #actions: BoardActions;
  readonly #story: (run: Model) => ReadonlySet<number> | null;
  readonly #experiments: Experiments;
  readonly #canvas = el('canvas', { role: 'img', 'aria-label': 'Timeline' });
  readonly #frame = el('div', { class: 'canvas' }, this.#canvas);
  readonly #gutter: Gutter;
  readonly #tip = el('div', { class: 'tip', hidden: true });
  #scene: Scene | null = null;

  constructor(
    state: State,
    reruns: Reruns,
    actions: BoardActions,
    story: (run: Model) => ReadonlySet<number> | null,
    experiments: Experiments,
  ) {
    this.#state = state;
    this.#reruns = reruns;
    this.#actions = actions;
    this.#story = story;
    this.#experiments = experiments;
    this.#gutter = new Gutter(state, actions);
    this.element = el('div', { class: 'board' }, this.#gutter.element, this.#frame, this.#tip);
    this.#canvas.addEventListener('pointerdown', (event) => this.#down(event));
    this.#canvas.addEventListener('pointermove', (event) => this.#hover(event));
    this.#canvas.addEventListener('pointerleave', () => {
      this.#tip.hidden = true;
    });
    this.#canvas.addEventListener('dblclick', () => state.show(0, state.run.ended));
    this.#canvas.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    new ResizeObserver(() => state.changed()).observe(this.element);
  }

  render(color: Palette): void {
    const scene = this.#sceneNow(color);
    if (scene === null) return;
    const { layout } = scene;
    const scale = devicePixelRatio || 1;
    const [width, height] = [Math.round(layout.width * scale), Math.round(layout.height * scale)];
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
      this.#canvas.style.width = `${layout.width}px`;
      this.#canvas.style.height = `${layout.height}px`;
      this.#frame.style.height = `${layout.height}px`;
    }
    const context = this.#canvas.getContext('2d');
    if (context === null) return;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const from = performance.now();
    drawBoard({ ...scene, g: new CanvasPainter(context, color) });
    this.took = performance.now() - from;
    this.#canvas.dataset.took = this.took.toFixed(2);
    this.#gutter.render(layout);
    this.#canvas.setAttribute('aria-label', this.#sentence());
  }

  /** The same drawing as the text of an SVG file. */
  svg(): {
    readonly body: string;
    readonly width: number;
    readonly height: number;
    readonly lines: readonly Placed[];
  } | null {
    const color = paletteNow();
    const scene = this.#sceneNow(color);
    const context = this.#canvas.getContext('2d');
    if (scene === null || context === null) return null;
    const g = new SvgPainter(color, new CanvasPainter(context, color));
    drawBoard({ ...scene, g });
    const { width, height, lines } = scene.layout;
    return { body: g.parts.join('\n'), width, height, lines };
  }

  #sceneNow(color: Palette): Scene | null {
    const state = this.#state;
    const width = this.#frame.clientWidth;
    if (width < 40) return null;
    const accused = this.#experiments.accused ?? NONE;
    const layout = layoutOf(state, width, this.element.clientHeight, accused);
    const story = this.#story(state.run);
    const { view, run, edited } = state;
    const moments = view.magnified && story !== null ? [...story].map((row) => run.rows.at[row] as number) : [];
    const parting = edited === null ? null : this.#reruns.partingOf(edited);
    const only = (of: Model): ReadonlySet<number> | null =>
      parting === null ? null : of === edited ? parting.edited : parting.recorded;
    const axis = axisOf(view.from, view.to, width, moments);
    const context = this.#canvas.getContext('2d');
    if (context === null) return null;
    const g = new CanvasPainter(context, color);
    this.#scene = {
      g,
      color,
      state,
      axis,
      layout,
      story,
      accused,
      starts: this.#experiments.starts,
      only,
      parted: parting?.at ?? null,
    };
    return this.#scene;
  }

  #sentence(): string {
    const { run, view } = this.#state;
    const [breach] = run.breaches;
    return `Timeline from ${formatInstant(view.from)} to ${formatInstant(view.to)}: ${run.parties.length} lanes, ${run.messages.count} messages, ${breach === undefined ? 'no law is broken' : `${breach.law} is broken at ${formatInstant(breach.at)}`}. Why and Events hold the same as text.`;
  }

  #place(event: PointerEvent | WheelEvent): {
    readonly x: number;
    readonly y: number;
    readonly line: Placed | undefined;
  } {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    return { x, y, line: this.#scene?.layout.lines.find((line) => y >= line.y && y < line.y + line.height) };
  }

  #runAt(line: Placed | undefined): Model {
    return line?.is === 'lane' ? line.run : this.#state.run;
  }

  #down(event: PointerEvent): void {
    const scene = this.#scene;
    if (scene === null || event.button !== 0) return;
    const state = this.#state;
    const { x, y, line } = this.#place(event);
    const hold = line?.is === 'fault' && state.core !== null ? holdOf(scene, line, x) : null;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#tip.hidden = true;
    const listen = (move: (moved: PointerEvent) => void, up: (moved: PointerEvent) => void): void => {
      const end = (ended: PointerEvent): void => {
        this.#canvas.removeEventListener('pointermove', move);
        this.#canvas.removeEventListener('pointerup', end);
        this.#canvas.removeEventListener('pointercancel', end);
        up(ended);
      };
      this.#canvas.addEventListener('pointermove', move);
      this.#canvas.addEventListener('pointerup', end);
      this.#canvas.addEventListener('pointercancel', end);
    };
    const timeAt = (of: PointerEvent): number => scene.axis.at(this.#place(of).x);
    if (hold !== null && line?.is === 'fault') {
      const grip = scene.axis.at(x) - (spanOf(state, line.index)?.begins ?? line.fault.fault.at);
      let moved = false;
      const to = (of: PointerEvent): number => (hold === 'end' ? timeAt(of) : timeAt(of) - grip);
      listen(
        (of) => {
          if (!moved && Math.abs(this.#place(of).x - x) < 3) return;
          moved = true;
          this.#actions.drag(line.index, to(of), hold, false);
        },
        (of) => moved && this.#actions.drag(line.index, to(of), hold, true),
      );
      return;
    }
    const run = this.#runAt(line);
    const message = line?.is === 'lane' ? messageAt(scene, run, x, y) : -1;
    const pans = event.shiftKey || message >= 0;
    const { from, to } = state.view;
    let moved = false;
    const scrub = (of: PointerEvent): void => {
      const at = Math.max(0, Math.min(state.run.ended, timeAt(of)));
      state.view.at = at;
      state.view.row = rowAt(state.run, at);
      state.changed();
    };
    if (!pans) scrub(event);
    listen(
      (of) => {
        if (Math.abs(of.clientX - event.clientX) > 3) moved = true;
        if (!pans) scrub(of);
        else if (moved) {
          const by = ((event.clientX - of.clientX) / scene.layout.width) * (to - from);
          state.show(from + by, to + by);
        }
      },
      () => {
        if (moved || message < 0 || run !== state.run) return;
        const ended = run.messages.ended[message] as number;
        state.select(ended >= 0 ? ended : (run.messages.sent[message] as number));
      },
    );
  }

  #wheel(event: WheelEvent): void {
    const scene = this.#scene;
    if (
      scene === null ||
      (!event.ctrlKey &&
        !event.altKey &&
        !event.shiftKey &&
        this.element.scrollHeight > this.element.clientHeight + 4 &&
        Math.abs(event.deltaY) > Math.abs(event.deltaX))
    )
      return;
    event.preventDefault();
    const { from, to } = this.#state.view;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const by = ((event.deltaX || event.deltaY) / scene.layout.width) * (to - from);
      this.#state.show(from + by, to + by);
      return;
    }
    const at = scene.axis.at(this.#place(event).x);
    const factor = Math.exp(Math.max(-80, Math.min(80, event.deltaY)) * 0.004);
    this.#state.show(at - (at - from) * factor, at + (to - at) * factor);
  }

  #hover(event: PointerEvent): void {
    const scene = this.#scene;
    if (scene === null || event.buttons !== 0) return;
    const { x, y, line } = this.#place(event);
    const hold = line?.is === 'fault' && this.#state.core !== null ? holdOf(scene, line, x) : null;
    this.#canvas.style.cursor = hold === null ? 'crosshair' : hold === 'all' ? 'grab' : 'ew-resize';
    const words = line === undefined ? null : this.#wordsAt(scene, line, x, y);
    this.#tip.hidden = words === null;
    if (words === null) return;
    fill(this.#tip, words);
    const { innerWidth, innerHeight } = window;
    const box = this.#tip.getBoundingClientRect();
    this.#tip.style.left = `${Math.min(event.clientX + 14, innerWidth - box.width - 6)}px`;
    this.#tip.style.top = `${event.clientY + 18 + box.height > innerHeight ? event.clientY - box.height - 10 : event.clientY + 18}px`;
  }

  /** What is under the pointer, in words; null for nothing. */
  #wordsAt(scene: Scene, line: Placed, x: number, y: number): string | null {
    if (line.is === 'fault') {
      const span = this.#state.run.faults[this.#state.places[line.index] ?? -1];
      return holdOf(scene, line, x) === null || span === undefined
        ? null
        : `${line.fault.name}: ${span.words}, at ${formatInstant(span.begins)}`;
    }
    if (line.is === 'law') return line.title;
    if (line.is !== 'lane') return null;
    const run = line.run;
    const m = run.messages;
    const found = messageAt(scene, run, x, y);
    if (found >= 0) {
      const ended = m.ended[found] as number;
      const lasted = formatDuration((m.ends[found] as number) - (m.begins[found] as number));
      const sent = `${whoAt(run.rows, m.sent[found] as number)} ${textAt(run.rows, m.sent[found] as number)}`;
      if (m.fate[found] === FATE.inFlight) return `${sent}: still on its way at the end`;
      return `${sent}, ${formatInstant(m.begins[found] as number)}. ${whoAt(run.rows, ended)} ${textAt(run.rows, ended)}, after ${lasted}`;
    }
    const row = Math.floor((y - barY(line, 0)) / 12);
    const bar = barAt(run, line.lane, scene.axis.at(x), row);
    if (bar === undefined) return null;
    const half = bar.half.some(([a, b]) => a <= scene.axis.at(x) && b >= scene.axis.at(x));
    const name =
      bar.state === 'wait' ? 'waits' : bar.state === 'dialling' ? 'dials' : half ? 'open here only' : bar.state;
    return `${line.party.id}: ${bar.label} ${name}, ${formatInstant(bar.begins)} to ${formatInstant(bar.ends)} (${formatDuration(bar.ends - bar.begins)})`;
  }
}
