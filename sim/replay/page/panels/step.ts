/// <reference lib="dom" />
/** Step: what it was, what led to it, what came of it, what it changed, and the whole state behind it. */
import { formatInstant } from '../../../../src/time.ts';
import { type Model, textAt, whoAt } from '../../model/model.ts';
import type { Detail } from '../../worker/words.ts';
import { lowerBound } from '../board/scene.ts';
import { el, fill } from '../dom.ts';
import type { State } from '../state.ts';

/** So many consequences are listed. */
const MOST = 30;

export class Step {
  readonly element = el('div');
  readonly #state: State;
  readonly #detail = el('div');
  #drawn: unknown[] = [];
  #asked = 0;

  constructor(state: State) {
    this.#state = state;
  }

  render(): void {
    const { run, view } = this.#state;
    const now = [run, view.row, run.rows.texts];
    if (now.every((each, i) => each === this.#drawn[i])) return;
    this.#drawn = now;
    const row = view.row;
    if (row < 0 || row >= run.rows.count) {
      fill(
        this.element,
        el('p', { class: 'muted' }, 'No step is selected: click a message, or step with the arrow keys.'),
      );
      return;
    }
    const { rows } = run;
    const cause = (rows.cause[row] as number) - 1;
    const effects: number[] = [];
    for (let i = row + 1; i < rows.count && effects.length < MOST; i++) if (rows.cause[i] === row + 1) effects.push(i);
    const first = lowerBound(rows.event, rows.event[row] as number);
    const beside: number[] = [];
    for (let i = first; i < rows.count && rows.event[i] === rows.event[row] && beside.length < MOST; i++)
      if (i !== row) beside.push(i);
    const broken = run.breaches.filter((each) => each.row === row);
    fill(
      this.element,
      el('h3', {}, `${whoAt(rows, row)} ${textAt(rows, row)}`),
      el(
        'p',
        { class: 'muted' },
        `${formatInstant(rows.at[row] as number)}, event #${rows.event[row]}, entry ${row + 1} of ${rows.count}`,
      ),
      broken.map(({ law, message }) => el('p', { class: 'bad' }, `✕ ${law}: ${message}`)),
      el('h3', {}, 'Led to by'),
      cause < 0 ? el('p', { class: 'muted' }, 'Nothing: it began with the world.') : this.#link(run, cause),
      beside.length > 0 ? [el('h3', {}, 'In the same event'), beside.map((each) => this.#link(run, each))] : null,
      effects.length > 0
        ? [
            el('h3', {}, 'Led to'),
            effects.filter((each) => !beside.includes(each)).map((each) => this.#link(run, each)),
          ]
        : null,
      this.#detail,
    );
    this.#ask(row);
  }

  #link({ rows }: Model, row: number): Node {
    return el(
      'p',
      {},
      el(
        'button',
        { type: 'button', class: 'link', onclick: () => this.#state.select(row) },
        el('span', { class: 'm' }, formatInstant(rows.at[row] as number)),
        ` ${whoAt(rows, row)} ${textAt(rows, row)}`,
      ),
    );
  }

  async #ask(row: number): Promise<void> {
    const { core, edit, edited } = this.#state;
    if (core === null) {
      fill(
        this.#detail,
        el('p', { class: 'faint' }, 'The whole entry and the states behind it are shown by the replay with Node.'),
      );
      return;
    }
    const asked = ++this.#asked;
    fill(this.#detail, el('p', { class: 'faint' }, 'Looking at it…'));
    try {
      const detail = await core.ask('detail', { edit: edited === null ? null : edit, row });
      if (asked === this.#asked) fill(this.#detail, shown(detail));
    } catch (error) {
      if (asked === this.#asked)
        fill(this.#detail, el('p', { class: 'faint' }, `Its state cannot be shown: ${(error as Error).message}`));
    }
  }
}

const shown = ({ changes, entry, states, stateless }: Detail): readonly Node[] => [
  ...(changes.length === 0
    ? []
    : [
        el('h3', {}, 'What it changed'),
        el(
          'table',
          { class: 'ledger' },
          el(
            'tr',
            {},
            ['who', 'what', 'from', 'to'].map((name) => el('th', { scope: 'col' }, name)),
          ),
          changes.map(({ node, path, before, after }) =>
            el(
              'tr',
              {},
              el('td', {}, node),
              el('td', { class: 'm' }, path),
              el('td', { class: 'm muted' }, before),
              el('td', { class: 'm' }, after),
            ),
          ),
        ),
      ]),
  el('h3', {}, 'The entry'),
  el('pre', { tabindex: 0 }, entry),
  ...(stateless === null
    ? [el('h3', {}, 'States behind it')]
    : [el('p', { class: 'faint' }, `No states: ${stateless}.`)]),
  ...states.map(([node, state], i) =>
    el('details', { open: i === 0 }, el('summary', {}, node), el('pre', { tabindex: 0 }, state)),
  ),
];
