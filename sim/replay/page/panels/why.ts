/// <reference lib="dom" />
/** Why: the few steps that matter, drawn downwards with even spaces, and in words. */

import { counted } from '../../../../src/count.ts';
import { formatInstant } from '../../../../src/time.ts';
import { type Model, SORT, textAt, whoAt } from '../../model/model.ts';
import { el, fill } from '../dom.ts';
import type { Parting } from '../rerun.ts';
import type { State } from '../state.ts';
import { drawing } from './sequence.ts';
import { type StoryLine, storyLines } from './story.ts';
import { told } from './told.ts';

export class Why {
  readonly element = el('div', { class: 'why-panel' });
  readonly #state: State;
  #drawn: unknown[] = [];

  constructor(state: State) {
    this.#state = state;
  }

  render(parting: Parting | null): void {
    const { run, view } = this.#state;
    const now = [run, view.row, run.rows.texts, run.told, parting];
    if (now.every((each, i) => each === this.#drawn[i])) return;
    this.#drawn = now;
    const lines = storyLines(run);
    if (lines.length === 0) {
      fill(this.element, this.#nothing(parting));
      return;
    }
    const [breach] = run.breaches;
    const steps = this.#list(run, lines);
    fill(
      this.element,
      run.told === null
        ? null
        : told(
            run,
            run.told,
            (place) => this.#nameOf(place),
            view.row,
            (row) => this.#state.select(row),
          ),
      el('h3', {}, run.told === null ? 'What led there' : 'Step by step'),
      el(
        'p',
        { class: 'muted' },
        `${counted(lines.length, 'step')} of ${run.rows.count} lead there. They light up on the board; the rest fades.`,
      ),
      breach?.last === true
        ? el(
            'p',
            { class: 'faint' },
            'This law was judged when the run was over: what did not happen has no cause, so these are the last steps that anybody saw.',
          )
        : null,
      run.told === null ? steps : el('details', {}, el('summary', {}, 'As a list'), steps),
      drawing(run, lines, (row) => this.#state.select(row)),
    );
  }

  /** A fault of the run's plan by the name that it has on the page. */
  #nameOf(place: number): string {
    const { faults, places } = this.#state;
    return faults[places.indexOf(place)]?.name ?? `fault ${place}`;
  }

  #nothing(parting: Parting | null): readonly Node[] {
    const { edited, run, recorded } = this.#state;
    if (edited === null)
      return [
        el('p', {}, el('b', {}, 'Nothing to explain.'), ' No law is broken in this run.'),
        el('p', { class: 'muted' }, run.conditions),
      ];
    if (parting === null) return [el('p', {}, 'The runs are identical: what was changed changed nothing.')];
    const rowOf = (of: Model, rows: ReadonlySet<number>): string => {
      const row = Math.min(...rows);
      return Number.isFinite(row) ? `${whoAt(of.rows, row)} ${textAt(of.rows, row)}` : 'nothing of its own';
    };
    return [
      el('p', {}, 'This run holds. It parts from the recorded one at ', el('b', {}, formatInstant(parting.at)), '.'),
      el('h3', {}, 'As recorded'),
      el('p', { class: 'muted' }, rowOf(recorded, parting.recorded)),
      el('h3', {}, 'Edited'),
      el('p', { class: 'muted' }, rowOf(edited, parting.edited)),
    ];
  }

  #list(run: Model, lines: readonly StoryLine[]): Node {
    const { rows } = run;
    return el(
      'ol',
      { class: 'story' },
      lines.map(({ row, meanwhile, breach, times }) => {
        const fault = rows.sort[row] === SORT.fault;
        return el(
          'li',
          {},
          el(
            'button',
            {
              type: 'button',
              class: breach ? 'breach' : fault || meanwhile ? 'fault' : '',
              'aria-current': row === this.#state.view.row ? 'true' : null,
              onclick: () => this.#state.select(row),
            },
            el('span', { class: 't' }, formatInstant(rows.at[row] as number)),
            el(
              'span',
              { class: 'x' },
              meanwhile ? 'meanwhile: ' : '',
              el('b', {}, whoAt(rows, row)),
              ` ${textAt(rows, row)}`,
              times > 1 ? `, the last of ${times} in turn` : '',
              breach ? ` — ${run.breaches[0]?.message}` : '',
            ),
          ),
        );
      }),
    );
  }
}
