/// <reference lib="dom" />
/** Under the board: play, step, the time, this step in words, what lines mean, the whole run. */
import { formatInstant } from '../../../src/time.ts';
import { textAt, whoAt } from '../model/model.ts';
import { el, fill, key, svg } from './dom.ts';
import { rowAt } from './place.ts';
import type { State } from './state.ts';

/** All of the window in so many seconds. */
const SECONDS = 12;

export class Transport {
  readonly element: HTMLElement;
  readonly #state: State;
  readonly #play = el(
    'button',
    { type: 'button', class: 'btn', 'aria-label': 'Play', onclick: () => this.toggle() },
    '▶',
  );
  readonly #at = el('span', { class: 'at' });
  readonly #step = el('span', { class: 'step' });

  constructor(state: State, whole: () => void) {
    this.#state = state;
    const button = (label: string, text: string, act: () => void): HTMLElement =>
      el('button', { type: 'button', class: 'btn', 'aria-label': label, title: label, onclick: act }, text);
    this.element = el(
      'div',
      { class: 'foot' },
      this.#play,
      button('Step back', '◀', () => this.step(-1)),
      button('Step', '▶|', () => this.step(1)),
      this.#at,
      this.#step,
      legend(),
      el('button', { type: 'button', class: 'btn', onclick: whole }, 'Whole run', key('0')),
    );
  }

  render(): void {
    const { run, view } = this.#state;
    fill(this.#at, formatInstant(view.at));
    fill(
      this.#step,
      view.row < 0 ? '' : `#${run.rows.event[view.row]} ${whoAt(run.rows, view.row)} ${textAt(run.rows, view.row)}`,
    );
    fill(this.#play, view.playing ? '❚❚' : '▶');
    this.#play.setAttribute('aria-label', view.playing ? 'Pause' : 'Play');
  }

  /** To the next or previous row, of the same party when `same`. */
  step(by: 1 | -1, same = false): void {
    const { run, view } = this.#state;
    let row = view.row < 0 ? rowAt(run, view.at) : view.row;
    const who = run.rows.whoOf[row];
    do row += by;
    while (same && row >= 0 && row < run.rows.count && run.rows.whoOf[row] !== who);
    this.#state.select(Math.max(0, Math.min(run.rows.count - 1, row)));
  }

  toggle(): void {
    const { view, run } = this.#state;
    view.playing = !view.playing;
    if (view.playing && view.at >= Math.min(view.to, run.ended)) view.at = view.from;
    this.#state.changed();
    if (view.playing) this.#go(performance.now());
  }

  #go(last: number): void {
    requestAnimationFrame((now) => {
      const { view, run } = this.#state;
      if (!view.playing) return;
      view.at = Math.min(view.to, view.at + ((now - last) / 1000) * ((view.to - view.from) / SECONDS));
      view.row = rowAt(run, view.at);
      if (view.at >= view.to) view.playing = false;
      this.#state.changed();
      if (view.playing) this.#go(now);
    });
  }
}

function legend(): HTMLElement {
  const item = (words: string, ...marks: readonly Node[]): Node =>
    el('span', {}, svg('svg', { width: 24, height: 10, 'aria-hidden': 'true' }, marks), words);
  const line = (color: string, extra: Readonly<Record<string, string>> = {}): Node =>
    svg('line', { x1: 1, x2: 23, y1: 5, y2: 5, stroke: `var(--${color})`, 'stroke-width': 1.8, ...extra });
  return el(
    'div',
    { class: 'legend' },
    item('data', line('data')),
    item('ack', line('ack')),
    item(
      'lost',
      line('lost', { x2: '15', 'stroke-dasharray': '4 3' }),
      svg('path', { d: 'M16 2l6 6m0-6l-6 6', stroke: 'var(--lost)', 'stroke-width': 1.6 }),
    ),
    item('held', line('held', { 'stroke-width': '4' })),
    item(
      'late',
      line('late', { x2: '16', 'stroke-dasharray': '6 3' }),
      svg('circle', { cx: 20, cy: 5, r: 3, fill: 'none', stroke: 'var(--late)' }),
    ),
    item(
      'open here only',
      svg('rect', { x: 1, y: 1, width: 22, height: 8, fill: 'none', stroke: 'var(--openline)' }),
      svg('path', { d: 'M3 9l8-8M10 9l8-8M17 9l5-5', stroke: 'var(--openline)' }),
    ),
    item('wait', svg('rect', { x: 1, y: 1, width: 22, height: 8, fill: 'var(--wait)', stroke: 'var(--waitline)' })),
  );
}
