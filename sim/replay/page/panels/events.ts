/// <reference lib="dom" />
/** Events: every row of the run in a list of which only what is seen is made; words and filters leave nothing out in silence. */
import { formatInstant, parseDuration } from '../../../../src/time.ts';
import { FATE, type Model, SORT, textAt, whoAt } from '../../model/model.ts';
import { el, fill } from '../dom.ts';
import type { Parting } from '../rerun.ts';
import type { State } from '../state.ts';

const HEIGHT = 24;

const FILTERS: readonly (readonly [id: string, name: string])[] = [
  ['all', 'All'],
  ['message', 'Messages'],
  ['odd', 'Lost, held, late'],
  ['conn', 'Connections'],
  ['timer', 'Timers'],
  ['app', 'Application'],
  ['fault', 'Faults, laws'],
  ['new', 'Only in this run'],
];

export class Events {
  readonly element: HTMLElement;
  readonly #state: State;
  readonly #search = el('input', {
    type: 'search',
    placeholder: 'words, party:c1, fate:lost, t>7.5s',
    'aria-label': 'Search events',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  readonly #chips = el('div', { class: 'chips' });
  readonly #pad = el('div', { class: 'pad' });
  readonly #list = el('div', { class: 'list', role: 'list', tabindex: 0, 'aria-label': 'Events' }, this.#pad);
  readonly #count = el('span', { class: 'faint', role: 'status' });
  #rows: Uint32Array = new Uint32Array();
  #key = '';
  #of: Model | null = null;
  #seen = -1;

  constructor(state: State) {
    this.#state = state;
    this.element = el('div', { class: 'events' }, this.#search, this.#chips, this.#list);
    this.element.style.height = '100%';
    this.#search.addEventListener('input', () => {
      state.view.query = this.#search.value;
      state.changed();
    });
    this.#list.addEventListener('scroll', () => this.#window());
    this.#list.addEventListener('keydown', (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.#move(by);
    });
  }

  focus(): void {
    this.#search.focus();
    this.#search.select();
  }

  render(parting: Parting | null): void {
    const { run, view, edited } = this.#state;
    if (this.#search.value !== view.query) this.#search.value = view.query;
    const key = `${view.query}|${view.filter}|${parting?.at ?? ''}|${run.rows.texts !== null}`;
    if (key !== this.#key || run !== this.#of) {
      this.#key = key;
      this.#of = run;
      this.#rows = found(
        run,
        view.query,
        view.filter,
        parting === null ? null : edited === null ? parting.recorded : parting.edited,
      );
      this.#pad.style.height = `${this.#rows.length * HEIGHT}px`;
      this.#seen = -1;
      fill(
        this.#chips,
        FILTERS.filter(([id]) => id !== 'new' || edited !== null).map(([id, name]) =>
          el(
            'button',
            { type: 'button', 'aria-pressed': String(view.filter === id), onclick: () => this.#filter(id) },
            name,
          ),
        ),
        this.#count,
      );
      this.#count.textContent = `${this.#rows.length.toLocaleString('en')} of ${run.rows.count.toLocaleString('en')}`;
    }
    if (this.#seen !== view.row) {
      this.#seen = view.row;
      this.#reveal();
    }
    this.#window();
  }

  #filter(id: string): void {
    this.#state.view.filter = id;
    this.#state.changed();
  }

  #place(): number {
    const { row } = this.#state.view;
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle] as number) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #move(by: number): void {
    const place = Math.max(0, Math.min(this.#rows.length - 1, this.#place() + by));
    const row = this.#rows[place];
    if (row !== undefined) this.#state.select(row);
  }

  #reveal(): void {
    const top = this.#place() * HEIGHT;
    const { scrollTop, clientHeight } = this.#list;
    if (top < scrollTop || top > scrollTop + clientHeight - HEIGHT) this.#list.scrollTop = top - clientHeight / 2;
  }

  #window(): void {
    const run = this.#of;
    if (run === null) return;
    const { rows, messages, breaches } = run;
    const first = Math.max(0, Math.floor(this.#list.scrollTop / HEIGHT) - 4);
    const end = Math.min(this.#rows.length, first + Math.ceil((this.#list.clientHeight || 600) / HEIGHT) + 8);
    if (this.#rows.length === 0) {
      fill(
        this.#pad,
        el(
          'p',
          { class: 'muted' },
          'Nothing is like that. ',
          el('button', { type: 'button', class: 'link', onclick: () => this.#clear() }, 'Show all'),
        ),
      );
      return;
    }
    const news = this.#state.edited === null ? null : this.#news;
    fill(
      this.#pad,
      Array.from({ length: end - first }, (_, i) => {
        const row = this.#rows[first + i] as number;
        const message = rows.message[row] as number;
        const fate = message < 0 ? FATE.ok : messages.fate[message];
        const kind = breaches.some((each) => each.row === row)
          ? 'breach'
          : rows.sort[row] === SORT.fault
            ? 'fault'
            : fate === FATE.lost || fate === FATE.late
              ? 'lost'
              : fate === FATE.held
                ? 'held'
                : '';
        const broken = breaches.filter((each) => each.row === row).map(({ law }) => ` ✕ ${law}`);
        const button = el(
          'button',
          {
            type: 'button',
            tabindex: -1,
            class: `row ${kind} ${row === this.#state.view.row ? 'sel' : ''} ${news?.has(row) ? 'new' : ''}`,
            title: textAt(rows, row),
            onclick: () => this.#state.select(row),
          },
          el('span', { class: 't' }, formatInstant(rows.at[row] as number)),
          el('span', { class: 'w' }, whoAt(rows, row)),
          el('span', { class: 'x' }, textAt(rows, row), broken),
        );
        button.style.top = `${(first + i) * HEIGHT}px`;
        return el('div', { role: 'listitem' }, button);
      }),
    );
  }

  #news: ReadonlySet<number> | null = null;

  /** Rows that only the shown run has, marked in the list. */
  set news(rows: ReadonlySet<number> | null) {
    this.#news = rows;
  }

  #clear(): void {
    this.#state.view.query = '';
    this.#state.view.filter = 'all';
    this.#state.changed();
  }
}

/** Rows that a search finds: words are all needed; `party:`, `fate:`, `t>` and `t<` narrow it. */
export function found(run: Model, query: string, filter: string, news: ReadonlySet<number> | null): Uint32Array {
  const { rows, messages } = run;
  const tests: ((row: number) => boolean)[] = [];
  const fateOf = (row: number): number => {
    const message = rows.message[row] as number;
    return message < 0 ? FATE.ok : (messages.fate[message] as number);
  };
  for (const word of query
    .toLowerCase()
    .split(/\s+/)
    .filter((each) => each !== '')) {
    const time = /^t([<>])(.+)$/.exec(word);
    const [, sign, given = ''] = time ?? [];
    const value = parseDuration(/^\d+(\.\d+)?$/.test(given) ? `${given}s` : given);
    if (sign !== undefined && value !== undefined)
      tests.push((row) => (sign === '>' ? (rows.at[row] as number) > value : (rows.at[row] as number) < value));
    else if (word.startsWith('party:')) tests.push((row) => whoAt(rows, row).toLowerCase() === word.slice(6));
    else if (word.startsWith('fate:')) {
      const wanted = { ok: FATE.ok, lost: FATE.lost, held: FATE.held, late: FATE.late, inflight: FATE.inFlight }[
        word.slice(5)
      ];
      tests.push((row) => (rows.message[row] as number) >= 0 && fateOf(row) === wanted);
    } else if (/^#\d+$/.test(word)) tests.push((row) => rows.event[row] === Number(word.slice(1)));
    else
      tests.push(
        (row) => textAt(rows, row).toLowerCase().includes(word) || whoAt(rows, row).toLowerCase().includes(word),
      );
  }
  const broken = new Set(run.breaches.map(({ row }) => row));
  const byFilter: Readonly<Record<string, (row: number) => boolean>> = {
    message: (row) => rows.sort[row] === SORT.message,
    odd: (row) => rows.sort[row] === SORT.message && fateOf(row) !== FATE.ok,
    conn: (row) => rows.sort[row] === SORT.connection,
    timer: (row) => rows.sort[row] === SORT.timer,
    app: (row) => rows.sort[row] === SORT.application || rows.sort[row] === SORT.code,
    fault: (row) => rows.sort[row] === SORT.fault || rows.sort[row] === SORT.process || broken.has(row),
    new: (row) => news?.has(row) ?? true,
  };
  const own = byFilter[filter];
  if (own !== undefined) tests.unshift(own);
  const all: number[] = [];
  for (let row = 0; row < rows.count; row++) if (tests.every((test) => test(row))) all.push(row);
  return Uint32Array.from(all);
}
