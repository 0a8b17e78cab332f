/// <reference lib="dom" />
/** Beside the board: what each line is called, with the switches of faults and the choice of streams as real controls. */
import { formatDuration, formatInstant } from '../../../../src/time.ts';
import type { FaultPlan } from '../../../faults/plan.ts';
import { el, fill } from '../dom.ts';
import type { State } from '../state.ts';
import { faultTitle, spanOf } from './faults.ts';
import type { Layout, Placed } from './layout.ts';

export interface FaultActions {
  toggle(index: number): void;
  /** Moves a fault, or makes it longer, by so much. */
  nudge(index: number, by: number, part: 'all' | 'end'): void;
}

export class Gutter {
  readonly element = el('div', { class: 'gutter' });
  readonly #state: State;
  readonly #actions: FaultActions;
  #drawn = '';

  constructor(state: State, actions: FaultActions) {
    this.#state = state;
    this.#actions = actions;
  }

  /** Made anew only when something in it changed, so that focus stays where it is. */
  render(layout: Layout): void {
    const { faults, view, core } = this.#state;
    const now = JSON.stringify([
      layout.lines.map((line) => [
        line.is,
        line.y,
        line.height,
        'party' in line ? line.party.id : 'name' in line ? line.name : '',
      ]),
      faults.map(({ on, fault }) => [on, fault]),
      [view.streams, this.#state.run.streams.length, core === null, this.#state.run.digest],
    ]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    const held = this.element.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-key')
      : null;
    fill(
      this.element,
      layout.lines.flatMap((line) => {
        const cell = this.#cell(line);
        if (cell === null) return [];
        cell.style.top = `${line.y}px`;
        cell.style.height = `${line.height}px`;
        return [cell];
      }),
    );
    this.element.style.height = `${layout.height}px`;
    if (typeof held === 'string') this.element.querySelector<HTMLElement>(`[data-key="${held}"]`)?.focus();
  }

  #cell(line: Placed): HTMLElement | null {
    switch (line.is) {
      case 'fault':
        return this.#fault(line);
      case 'more-faults':
        return el('div', { class: 'line' }, el('span', { class: 'sub' }, `${line.count} more, in What if`));
      case 'head':
        return el('div', { class: 'line sec' }, el('span', { class: 'name' }, line.title));
      case 'lane':
        return el(
          'div',
          { class: line.lane === 0 ? 'sec' : '', title: [line.party.id, ...line.party.with].join(', ') },
          el('span', { class: 'name' }, line.party.id),
          line.height > 38 ? el('span', { class: 'sub' }, line.party.sub) : null,
        );
      case 'law':
        return el(
          'div',
          { class: 'line', title: line.title },
          el(
            'span',
            { class: line.broken ? 'law bad' : 'law' },
            line.broken ? `✕ ${line.name}` : this.#state.run.breaches.length > 0 ? '✓ other laws' : '✓ laws',
          ),
        );
      case 'stream':
        return this.#stream(line.place);
      default:
        return null;
    }
  }

  #fault({ fault, index }: Extract<Placed, { is: 'fault' }>): HTMLElement {
    const { core } = this.#state;
    const span = spanOf(this.#state, index);
    const title = faultTitle(fault, span);
    const state =
      span === null ? '' : `${formatInstant(fault.fault.at)}, for ${formatDuration(span.ends - span.begins)}`;
    return el(
      'div',
      { class: 'line', title },
      el('input', {
        ...{
          type: 'checkbox',
          role: 'switch',
          class: 'switch',
          checked: fault.on,
          disabled: core === null,
          'data-key': `on${index}`,
        },
        'aria-label': `${fault.name}: ${title}`,
        onchange: () => this.#actions.toggle(index),
      }),
      el(
        'button',
        {
          ...{
            type: 'button',
            class: 'handle',
            role: 'slider',
            'data-key': `at${index}`,
            'aria-label': `${fault.name} begins`,
          },
          ...{
            'aria-valuenow': fault.fault.at,
            'aria-valuemin': 0,
            'aria-valuemax': this.#state.recorded.ended,
            'aria-valuetext': state,
          },
          ...{ 'aria-disabled': core === null || !fault.on ? 'true' : null },
          onkeydown: (event: KeyboardEvent) => this.#key(event, index),
          onclick: () => this.#state.show(...around(this.#state, fault.fault)),
        },
        el('b', {}, fault.name),
        el('span', {}, `${fault.fault.kind} ${fault.fault.target}`),
      ),
    );
  }

  /** Arrows move it by 10 ms, with shift by 100 ms; with alt they move its end. */
  #key(event: KeyboardEvent, index: number): void {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#actions.nudge(index, way * (event.shiftKey ? 100_000 : 10_000), event.altKey ? 'end' : 'all');
  }

  #stream(place: 0 | 1): HTMLElement {
    const { run, view } = this.#state;
    return el(
      'div',
      { class: 'sec' },
      el(
        'select',
        {
          'aria-label': `Stream of graph ${place + 1}`,
          'data-key': `stream${place}`,
          onchange: (event: Event) => {
            view.streams[place] = Number((event.target as HTMLSelectElement).value);
            this.#state.changed();
          },
        },
        run.streams.map(({ name }, i) =>
          el('option', { value: i, selected: i === Math.min(view.streams[place], run.streams.length - 1) }, name),
        ),
      ),
      el('span', { class: 'sub' }, 'line: made, then given'),
      el('span', { class: 'sub' }, '| sent  ▲ again  ○ given'),
    );
  }
}

/** A window around a fault, in which it is a third. */
function around({ run }: State, fault: FaultPlan[number]): [number, number] {
  const lasts = typeof fault.lasts === 'number' ? fault.lasts : run.ended / 20;
  return [fault.at - lasts, fault.at + 2 * lasts];
}
