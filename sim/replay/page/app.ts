/// <reference lib="dom" />
/** The page as a whole: its regions, what each action does, and what is drawn when something changed. */
import { formatInstant } from '../../../src/time.ts';
import type { FaultPlan } from '../../faults/plan.ts';
import { FATE, type Model, SORT, textAt, whoAt } from '../model/model.ts';
import { Board } from './board/board.ts';
import { spanOf } from './board/faults.ts';
import { el, fill, key } from './dom.ts';
import { Experiments } from './experiments.ts';
import { keyMap, listen } from './keys.ts';
import { menuOf } from './menu.ts';
import { Minimap } from './minimap.ts';
import { paletteNow } from './palette.ts';
import { Beliefs } from './panels/beliefs.ts';
import { Events } from './panels/events.ts';
import { Step } from './panels/step.ts';
import { storyRows } from './panels/story.ts';
import { WhatIf } from './panels/what-if.ts';
import { Why } from './panels/why.ts';
import { fragmentOf, readFragment } from './permalink.ts';
import { Reruns } from './rerun.ts';
import { type PageFault, type State, TABS, type Tab, type Tried } from './state.ts';
import { Transport } from './transport.ts';
import { Verdict } from './verdict.ts';

const NAMES: Readonly<Record<Tab, string>> = { why: 'Why', step: 'Step', events: 'Events', what: 'What if' };

export class App {
  readonly #state: State;
  readonly #spoken = el('div', { class: 'sr', role: 'status', 'aria-live': 'polite' });
  readonly #experiments: Experiments;
  readonly #reruns: Reruns;
  readonly #verdict: Verdict;
  readonly #minimap: Minimap;
  readonly #board: Board;
  readonly #transport: Transport;
  readonly #beliefs: Beliefs;
  readonly #why: Why;
  readonly #step: Step;
  readonly #events: Events;
  readonly #what: WhatIf;
  readonly #tabs = el('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Inspector' });
  readonly #panel = el('div', { class: 'panel', role: 'tabpanel', id: 'panel', tabindex: -1 });
  readonly #help = keyMap();
  #linked = 0;

  constructor(root: HTMLElement, state: State) {
    this.#state = state;
    this.#reruns = new Reruns(state, (text) => this.say(text));
    this.#experiments = new Experiments(state);
    this.#verdict = new Verdict(state, this.#experiments, {
      breach: () => this.breach(),
      compare: () => this.compare(),
      reset: () => this.reset(),
      without: (index) => this.toggle(index),
      load: (on) => this.#load(on),
    });
    const accused = (): ReadonlySet<number> => this.#experiments.accused ?? new Set();
    const actions = {
      toggle: (index: number) => this.toggle(index),
      nudge: (index: number, by: number, part: 'all' | 'end') => this.#nudge(index, by, part),
      drag: (index: number, at: number, part: 'all' | 'end', done: boolean) => this.#drag(index, at, part, done),
    };
    this.#minimap = new Minimap(state);
    this.#board = new Board(state, this.#reruns, actions, storyRows, accused);
    this.#transport = new Transport(state, () => state.show(0, state.run.ended));
    this.#beliefs = new Beliefs(state);
    this.#why = new Why(state);
    this.#step = new Step(state);
    this.#events = new Events(state);
    this.#what = new WhatIf(state, {
      ...actions,
      set: (index, changes) => this.#set(index, changes),
      remove: (index) => this.#remove(index),
      add: (kind, target) => void this.#add(kind, target),
      knob: (name, value) => this.#knob(name, value),
      load: (tried) => this.#loadTried(tried),
    });
    fill(
      root,
      el('header', {}, this.#top(), this.#notices()),
      this.#verdict.element,
      el(
        'main',
        { class: 'work' },
        el(
          'section',
          { class: 'time', 'aria-label': 'Timeline' },
          this.#minimap.element,
          this.#board.element,
          this.#transport.element,
        ),
        el('section', { class: 'side', 'aria-label': 'Inspector' }, this.#beliefs.element, this.#tabs, this.#panel),
      ),
      this.#spoken,
      this.#help,
    );
    this.#keys();
    state.listen(() => this.#render());
    addEventListener('resize', () => state.changed());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => state.changed());
    addEventListener('hashchange', () => {
      if (decodeURIComponent(location.hash.slice(1)) !== decodeURIComponent(fragmentOf(state))) this.#read();
    });
  }

  start(): void {
    this.#read();
    if (location.hash.length < 2) this.story();
    void this.#reruns.texts(this.#state.recorded, null);
    void this.#experiments.start();
    this.#state.changed();
  }

  say(text: string): void {
    this.#spoken.textContent = text;
  }

  #read(): void {
    const edits = readFragment(this.#state, location.hash.slice(1));
    if (edits) void this.#reruns.run(true);
    this.#state.changed();
  }

  #top(): HTMLElement {
    const { subject, recorded } = this.#state;
    const theme = el('button', { type: 'button', class: 'btn opt', onclick: () => this.theme() }, 'Theme');
    const help = el(
      'button',
      { type: 'button', class: 'btn', onclick: () => this.#help.showModal() },
      'Keys',
      key('?'),
    );
    return el(
      'div',
      { class: 'top' },
      el('span', { class: 'brand' }, 'hangup replay'),
      el(
        'span',
        { class: 'meta' },
        el('b', { title: subject.title }, subject.scenario),
        el('span', {}, 'seed ', el('b', { class: 'm' }, subject.seed)),
        el('span', { class: 'opt' }, 'digest ', el('span', { class: 'm', id: 'digest' }, recorded.digest)),
        el(
          'span',
          { class: 'opt' },
          `${recorded.events.toLocaleString('en')} events, ${recorded.messages.count.toLocaleString('en')} messages`,
        ),
        recorded.cell === '' ? null : el('span', { class: 'opt' }, recorded.cell),
      ),
      el(
        'span',
        { class: 'right' },
        theme,
        menuOf(this.#state, this.#board, this.#experiments, (text) => this.say(text)),
        help,
      ),
    );
  }

  #notices(): readonly (Node | null)[] {
    const { same, subject, recorded, core } = this.#state;
    return [
      same
        ? null
        : el(
            'div',
            { class: 'notice bad', role: 'alert' },
            el('b', {}, 'Another digest: '),
            `this page came to ${recorded.digest}, Node had ${subject.digest}. What is shown is this page's own run; that is a bug of hangup, or this file was changed.`,
          ),
      core === null
        ? el(
            'div',
            { class: 'notice' },
            el('b', {}, 'A recording. '),
            `It runs again only with Node, because ${subject.recordedOnly ?? 'of its code'}: `,
            el('code', { class: 'm' }, subject.paste),
          )
        : null,
    ];
  }

  #render(): void {
    const { state, color } = { state: this.#state, color: paletteNow() };
    const { view, edited } = state;
    const parting = edited === null ? null : this.#reruns.partingOf(edited);
    this.#verdict.render(parting);
    this.#minimap.render(color, this.#experiments.accused ?? new Set());
    this.#board.render(color);
    this.#transport.render();
    this.#beliefs.render();
    this.#renderTabs();
    if (view.tab === 'why') this.#why.render(parting);
    else if (view.tab === 'step') this.#step.render();
    else if (view.tab === 'events') {
      this.#events.news = parting?.edited ?? null;
      this.#events.render(parting);
    } else this.#what.render();
    const [breach] = state.run.breaches;
    document.title = `${breach === undefined ? (state.run.exceeded === null ? '✓' : '…') : '✕'} ${state.subject.scenario} seed ${state.subject.seed} · hangup`;
    this.#link();
  }

  #renderTabs(): void {
    const { tab } = this.#state.view;
    if (this.#tabs.dataset.tab === tab) return;
    const focus = this.#tabs.contains(document.activeElement);
    this.#tabs.dataset.tab = tab;
    fill(
      this.#tabs,
      TABS.map((each, i) =>
        el(
          'button',
          {
            type: 'button',
            role: 'tab',
            id: `tab-${each}`,
            'aria-selected': String(each === tab),
            'aria-controls': 'panel',
            tabindex: each === tab ? 0 : -1,
            onclick: () => this.#open(each),
            onkeydown: (event: KeyboardEvent) => this.#tabKey(event, i),
          },
          NAMES[each],
          key(String(i + 1)),
        ),
      ),
    );
    this.#panel.setAttribute('aria-labelledby', `tab-${tab}`);
    fill(this.#panel, { why: this.#why, step: this.#step, events: this.#events, what: this.#what }[tab].element);
    if (focus) this.#tabs.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }

  #tabKey(event: KeyboardEvent, index: number): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#open(TABS[(index + by + TABS.length) % TABS.length] as Tab);
  }

  #open(tab: Tab): void {
    this.#state.view.tab = tab;
    this.#state.changed();
  }

  /** The address follows, a little behind: browsers allow only so many changes of it. */
  #link(): void {
    clearTimeout(this.#linked);
    this.#linked = setTimeout(
      () => history.replaceState(null, '', `#${fragmentOf(this.#state)}`),
      250,
    ) as unknown as number;
  }

  // ---- what is done

  breach(): void {
    const [breach] = this.#state.run.breaches;
    if (breach === undefined) return;
    this.#state.select(breach.row);
    this.#state.view.at = breach.at;
    this.#state.reveal(breach.at);
    this.#speak();
  }

  story(): void {
    const rows = storyRows(this.#state.run);
    const { run } = this.#state;
    if (rows === null) {
      this.#state.show(0, run.ended);
      return;
    }
    const times = [...rows].map((row) => run.rows.at[row] as number);
    const [from, to] = [Math.min(...times), Math.max(...times, run.breaches[0]?.at ?? 0)];
    const pad = Math.max((to - from) * 0.12, 30_000);
    this.#state.show(from - pad, to + pad);
  }

  compare(): void {
    if (this.#state.edited === null) return;
    this.#state.view.compare = !this.#state.view.compare;
    this.#state.changed();
  }

  reset(): void {
    const { state } = { state: this.#state };
    state.faults = state.faults.flatMap((fault) =>
      fault.recorded === null ? [] : [{ ...fault, fault: fault.recorded, on: true }],
    );
    state.knobs = {};
    state.view.compare = false;
    void this.#reruns.run(false);
    this.say('Back to the recorded run');
  }

  toggle(index: number): void {
    const fault = this.#state.faults[index];
    if (fault === undefined || this.#state.core === null) return;
    fault.on = !fault.on;
    this.#ran();
  }

  #ran(note = true): void {
    this.#state.changed();
    void this.#reruns.run(note);
  }

  #load(on: readonly boolean[]): void {
    const state = this.#state;
    state.faults = state.faults.flatMap((fault, i) =>
      fault.recorded === null ? [] : [{ ...fault, fault: fault.recorded, on: on[i] ?? true }],
    );
    state.knobs = {};
    this.#ran();
  }

  #loadTried({ edit }: Tried): void {
    const state = this.#state;
    const left = [...edit.plan];
    // Which fault of the recorded plan each is, by what it hits; those that are left were added.
    state.faults = state.faults.flatMap((fault): PageFault[] => {
      if (fault.recorded === null) return [];
      const place = left.findIndex(
        (each) => each.kind === fault.recorded?.kind && each.target === fault.recorded?.target,
      );
      if (place < 0) return [{ ...fault, fault: fault.recorded, on: false }];
      return [{ ...fault, fault: left.splice(place, 1)[0] as FaultPlan[number], on: true }];
    });
    for (const fault of left)
      state.faults.push({ name: `F${state.faults.length + 1}`, recorded: null, fault, on: true });
    const { plan: _, ...knobs } = edit;
    state.knobs = { ...knobs };
    this.#ran(false);
  }

  #set(index: number, changes: Readonly<Record<string, unknown>>): void {
    const fault = this.#state.faults[index];
    if (fault === undefined) return;
    fault.fault = { ...fault.fault, ...changes } as FaultPlan[number];
    this.#ran();
  }

  #nudge(index: number, by: number, part: 'all' | 'end'): void {
    const fault = this.#state.faults[index];
    if (fault === undefined || this.#state.core === null || !fault.on) return;
    const lasts = spanOf(this.#state, index)?.lasts;
    if (part === 'all') this.#set(index, { at: Math.max(0, fault.fault.at + by) });
    else if (typeof lasts === 'string') this.#set(index, { [lasts]: Math.max(1_000, Number(fault.fault[lasts]) + by) });
    this.say(`${fault.name} at ${formatInstant(fault.fault.at)}`);
  }

  #drag(index: number, at: number, part: 'all' | 'end', done: boolean): void {
    const fault = this.#state.faults[index];
    if (fault === undefined) return;
    const lasts = spanOf(this.#state, index)?.lasts;
    // To the millisecond, so that what was found by hand can be written down.
    const round = (time: number): number => Math.round(time / 1_000) * 1_000;
    if (part === 'all') fault.fault = { ...fault.fault, at: Math.max(0, round(at)) } as FaultPlan[number];
    else if (typeof lasts === 'string')
      fault.fault = { ...fault.fault, [lasts]: Math.max(1_000, round(at - fault.fault.at)) } as FaultPlan[number];
    this.#ran(done);
  }

  async #add(kind: string, target: string): Promise<void> {
    const state = this.#state;
    try {
      const fault = await state.core?.ask('draw', { edit: state.edit, kind, target, at: Math.round(state.view.at) });
      if (fault === undefined) return;
      state.faults.push({ name: `F${state.faults.length + 1}`, recorded: null, fault, on: true });
      this.#ran();
    } catch (error) {
      state.error = `${kind} of ${target}: ${(error as Error).message}`;
      state.changed();
    }
  }

  #remove(index: number): void {
    this.#state.faults.splice(index, 1);
    this.#ran(false);
  }

  #knob(name: 'seed' | 'policy' | 'network', value: string | null): void {
    if (value === null) delete this.#state.knobs[name];
    else this.#state.knobs[name] = value;
    this.#ran();
  }

  theme(): void {
    const root = document.documentElement;
    const dark =
      root.dataset.theme === undefined
        ? matchMedia('(prefers-color-scheme: dark)').matches
        : root.dataset.theme === 'dark';
    root.dataset.theme = dark ? 'light' : 'dark';
    this.#state.changed();
  }

  /** What the cursor stands on, for who does not see it. */
  #speak(): void {
    const { run, view } = this.#state;
    if (view.row < 0) return;
    const broken = run.breaches.filter(({ row }) => row === view.row).map(({ law }) => `. ${law} is broken`);
    this.say(`${formatInstant(view.at)}, ${whoAt(run.rows, view.row)} ${textAt(run.rows, view.row)}${broken.join('')}`);
  }

  #keys(): void {
    const state = this.#state;
    listen({
      play: () => this.#transport.toggle(),
      step: (by, same) => {
        this.#transport.step(by, same);
        this.#speak();
      },
      odd: (by) => this.#odd(by),
      move: (by) => {
        const width = state.view.to - state.view.from;
        state.show(state.view.from + by * width, state.view.to + by * width);
      },
      zoom: (factor) => {
        const { from, to, at } = state.view;
        const around = at >= from && at <= to ? at : (from + to) / 2;
        state.show(around - (around - from) * factor, around + (to - around) * factor);
      },
      whole: () => state.show(0, state.run.ended),
      story: () => this.story(),
      magnify: () => {
        state.view.magnified = !state.view.magnified;
        state.changed();
      },
      theme: () => this.theme(),
      help: () => this.#help.showModal(),
      breach: () => this.breach(),
      cause: () => {
        const cause = (state.run.rows.cause[state.view.row] ?? 0) - 1;
        if (cause >= 0) state.select(cause);
        this.#speak();
      },
      tab: (index) => this.#open(TABS[index] as Tab),
      compare: () => this.compare(),
      fault: (index) => this.toggle(index),
      reset: () => this.reset(),
      search: () => {
        this.#open('events');
        requestAnimationFrame(() => requestAnimationFrame(() => this.#events.focus()));
      },
      escape: () => {
        if (state.view.query === '') return;
        state.view.query = '';
        state.changed();
      },
    });
  }

  /** To the next loss, hold, error or breach. */
  #odd(by: 1 | -1): void {
    const { run, view } = this.#state;
    for (let row = view.row + by; row >= 0 && row < run.rows.count; row += by)
      if (isOdd(run, row)) {
        this.#state.select(row);
        this.#speak();
        return;
      }
  }
}

const isOdd = (run: Model, row: number): boolean => {
  const message = run.rows.message[row] as number;
  const odd = message >= 0 && run.messages.ended[message] === row && run.messages.fate[message] !== FATE.ok;
  return (
    odd ||
    run.rows.sort[row] === SORT.fault ||
    run.rows.sort[row] === SORT.process ||
    run.breaches.some((breach) => breach.row === row) ||
    run.marks.some((mark) => mark.row === row)
  );
};
