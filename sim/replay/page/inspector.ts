/// <reference lib="dom" />
/** The tabs beside the timeline: Why, Step, Events, What if. */
import { el, fill, key } from './dom.ts';
import type { Edits } from './edits.ts';
import { Beliefs } from './panels/beliefs.ts';
import { Events } from './panels/events.ts';
import { Step } from './panels/step.ts';
import { WhatIf } from './panels/what-if.ts';
import { Why } from './panels/why.ts';
import type { Parting } from './rerun.ts';
import { type State, TABS, type Tab } from './state.ts';

const NAMES: Readonly<Record<Tab, string>> = { why: 'Why', step: 'Step', events: 'Events', what: 'What if' };

export class Inspector {
  readonly element: HTMLElement;
  readonly #state: State;
  readonly #beliefs: Beliefs;
  readonly #why: Why;
  readonly #step: Step;
  readonly #events: Events;
  readonly #what: WhatIf;
  readonly #tabs = el('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Inspector' });
  readonly #panel = el('div', { class: 'panel', role: 'tabpanel', id: 'panel', tabindex: -1 });

  constructor(state: State, edits: Edits) {
    this.#state = state;
    this.#beliefs = new Beliefs(state);
    this.#why = new Why(state);
    this.#step = new Step(state);
    this.#events = new Events(state);
    this.#what = new WhatIf(state, edits);
    this.element = el(
      'section',
      { class: 'side', 'aria-label': 'Inspector' },
      this.#beliefs.element,
      this.#tabs,
      this.#panel,
    );
  }

  render(parting: Parting | null): void {
    const { tab } = this.#state.view;
    this.#beliefs.render();
    this.#renderTabs();
    if (tab === 'why') this.#why.render(parting);
    else if (tab === 'step') this.#step.render();
    else if (tab === 'what') this.#what.render();
    else {
      this.#events.news = parting?.edited ?? null;
      this.#events.render(parting);
    }
  }

  open(tab: Tab): void {
    this.#state.view.tab = tab;
    this.#state.changed();
  }

  search(): void {
    this.open('events');
    this.#renderTabs();
    this.#events.focus();
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
            onclick: () => this.open(each),
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
    this.open(TABS[(index + by + TABS.length) % TABS.length] as Tab);
  }
}
