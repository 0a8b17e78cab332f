/// <reference lib="dom" />
/** The page as a whole: its regions, what each action does, and what is drawn when something changed. */
import { Board } from './board/board.ts';
import { el, fill } from './dom.ts';
import { Edits } from './edits.ts';
import { Experiments } from './experiments.ts';
import { head, notices } from './head.ts';
import { Inspector } from './inspector.ts';
import { keyMap, listen } from './keys.ts';
import { menuOf } from './menu.ts';
import { Minimap } from './minimap.ts';
import { paletteNow } from './palette.ts';
import { storyRows } from './panels/story.ts';
import { fragmentOf, readFragment } from './permalink.ts';
import { Reruns } from './rerun.ts';
import { type State, TABS, type Tab } from './state.ts';
import { Transport } from './transport.ts';
import { Verdict } from './verdict.ts';
import { Walk } from './walk.ts';

export class App {
  readonly #state: State;
  readonly #spoken = el('div', { class: 'sr', role: 'status', 'aria-live': 'polite' });
  readonly #experiments: Experiments;
  readonly #reruns: Reruns;
  readonly #edits: Edits;
  readonly #verdict: Verdict;
  readonly #minimap: Minimap;
  readonly #board: Board;
  readonly #transport: Transport;
  readonly #inspector: Inspector;
  readonly #walk: Walk;
  readonly #help = keyMap();
  #linked = 0;

  constructor(root: HTMLElement, state: State) {
    this.#state = state;
    this.#reruns = new Reruns(state, (text) => this.say(text));
    this.#experiments = new Experiments(state);
    this.#edits = new Edits(state, this.#reruns, (text) => this.say(text));
    const edits = this.#edits;
    this.#walk = new Walk(state, (text) => this.say(text));
    this.#verdict = new Verdict(state, this.#experiments, {
      breach: () => this.#walk.breach(),
      compare: () => this.compare(),
      reset: () => edits.reset(),
      without: (index) => edits.toggle(index),
      load: (on) => edits.load(on),
    });
    this.#minimap = new Minimap(state);
    this.#board = new Board(state, this.#reruns, edits, storyRows, this.#experiments);
    this.#transport = new Transport(state, () => this.#walk.whole());
    this.#inspector = new Inspector(state, edits);
    const menu = menuOf(state, this.#board, this.#experiments, (text) => this.say(text));
    const top = head(
      state,
      menu,
      () => this.theme(),
      () => this.#help.showModal(),
    );
    fill(
      root,
      el('header', {}, top, notices(state)),
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
        this.#inspector.element,
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
    if (location.hash.length < 2) this.#walk.story();
    void this.#reruns.texts(this.#state.recorded, null);
    void this.#experiments
      .start()
      .then(() => this.#reruns.story(this.#state.recorded, null))
      .then(() => this.#experiments.underline());
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

  #render(): void {
    const state = this.#state;
    const color = paletteNow();
    const { edited } = state;
    const parting = edited === null ? null : this.#reruns.partingOf(edited);
    this.#verdict.render(parting);
    this.#minimap.render(color, this.#experiments.accused ?? new Set());
    this.#board.render(color);
    this.#transport.render();
    this.#inspector.render(parting);
    const [breach] = state.run.breaches;
    document.title = `${breach === undefined ? (state.run.exceeded === null ? '✓' : '…') : '✕'} ${state.subject.scenario} seed ${state.subject.seed} · hangup`;
    this.#link();
  }

  /** The address follows, a little behind: browsers allow only so many changes of it. */
  #link(): void {
    clearTimeout(this.#linked);
    this.#linked = setTimeout(
      () => history.replaceState(null, '', `#${fragmentOf(this.#state)}`),
      250,
    ) as unknown as number;
  }

  compare(): void {
    const { view, edited } = this.#state;
    view.compare = edited !== null && !view.compare;
    this.#state.changed();
  }

  theme(): void {
    const { dataset } = document.documentElement;
    const prefers = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    dataset.theme = (dataset.theme ?? prefers) === 'dark' ? 'light' : 'dark';
    this.#state.changed();
  }

  #keys(): void {
    const state = this.#state;
    const walk = this.#walk;
    listen({
      play: () => this.#transport.toggle(),
      step: (by, same) => {
        this.#transport.step(by, same);
        walk.speak();
      },
      odd: (by) => walk.odd(by),
      move: (by) => walk.move(by),
      zoom: (factor) => walk.zoom(factor),
      whole: () => walk.whole(),
      story: () => walk.story(),
      magnify: () => {
        state.view.magnified = !state.view.magnified;
        state.changed();
      },
      theme: () => this.theme(),
      help: () => this.#help.showModal(),
      breach: () => walk.breach(),
      cause: () => walk.cause(),
      tab: (index) => this.#inspector.open(TABS[index] as Tab),
      compare: () => this.compare(),
      fault: (index) => this.#edits.toggle(index),
      reset: () => this.#edits.reset(),
      search: () => this.#inspector.search(),
      escape: () => {
        state.view.query = '';
        state.changed();
      },
    });
  }
}
