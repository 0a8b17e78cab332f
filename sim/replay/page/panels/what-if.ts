/// <reference lib="dom" />
/** What if: every fault with its numbers, one more at the cursor, other knobs, and all that was tried so far. */
import { formatDuration, formatInstant, parseDuration } from '../../../../src/time.ts';
import type { Addable } from '../../worker/words.ts';
import { spanOf } from '../board/faults.ts';
import { el, fill } from '../dom.ts';
import type { PageFault, State, Tried } from '../state.ts';

export interface EditActions {
  toggle(index: number): void;
  set(index: number, changes: Readonly<Record<string, unknown>>): void;
  remove(index: number): void;
  add(kind: string, target: string): Promise<void>;
  knob(name: 'seed' | 'policy' | 'network', value: string | null): void;
  loadTried(tried: Tried): void;
}

export class WhatIf {
  readonly element = el('div');
  readonly #state: State;
  readonly #actions: EditActions;
  #addable: readonly Addable[] | null = null;
  #kind = '';
  #drawn = '';

  constructor(state: State, actions: EditActions) {
    this.#state = state;
    this.#actions = actions;
  }

  render(): void {
    const { core, faults, knobs, tried, view, subject } = this.#state;
    const now = JSON.stringify([faults, knobs, tried.length, this.#addable?.length, this.#kind, Math.round(view.at)]);
    if (now === this.#drawn) return;
    // What is being written is not taken away.
    const active = document.activeElement;
    if (active instanceof HTMLInputElement && active.type === 'text' && this.element.contains(active)) return;
    const held = this.element.contains(active) ? active?.getAttribute('data-key') : null;
    this.#drawn = now;
    if (core === null) {
      fill(
        this.element,
        el(
          'p',
          {},
          el('b', {}, 'This run is a recording.'),
          ` It runs again only with Node, because ${subject.recordedOnly ?? ''}.`,
        ),
        el('pre', {}, subject.paste),
        this.#plan(),
      );
      return;
    }
    if (this.#addable === null) void this.#ask();
    fill(this.element, this.#plan(), this.#more(), this.#knobs(), this.#ledger());
    if (typeof held === 'string') this.element.querySelector<HTMLElement>(`[data-key="${held}"]`)?.focus();
  }

  async #ask(): Promise<void> {
    const { core } = this.#state;
    this.#addable = [];
    if (core === null) return;
    this.#addable = await core.ask('addable', { edit: null }).catch(() => []);
    this.#kind = this.#addable.some(({ kind }) => kind === 'cut') ? 'cut' : (this.#addable[0]?.kind ?? '');
    this.#state.changed();
  }

  #plan(): readonly Node[] {
    const { faults, core } = this.#state;
    if (faults.length === 0) return [el('h3', {}, 'Faults'), el('p', { class: 'muted' }, 'There is none in the plan.')];
    return [
      el('h3', {}, 'Faults'),
      el(
        'div',
        { class: 'fields' },
        faults.map((fault, index) => this.#fault(fault, index, core === null)),
      ),
    ];
  }

  #fault(fault: PageFault, index: number, fixed: boolean): readonly (Node | null)[] {
    const span = spanOf(this.#state, index);
    const lasts = span?.lasts ?? null;
    const time = (label: string, name: string, value: number): Node =>
      el('input', {
        ...{
          type: 'text',
          class: 'm',
          value: name === 'at' ? formatInstant(value) : formatDuration(value),
          disabled: fixed || !fault.on,
        },
        ...{ 'aria-label': `${fault.name} ${label}`, 'data-key': `${name}${index}`, spellcheck: 'false' },
        onchange: (event: Event) => this.#write(event.target as HTMLInputElement, index, name),
        onkeydown: (event: KeyboardEvent) => {
          if (event.key === 'Enter') (event.target as HTMLElement).blur();
        },
      });
    return [
      el('input', {
        type: 'checkbox',
        role: 'switch',
        class: 'switch',
        checked: fault.on,
        disabled: fixed,
        'data-key': `on${index}`,
        'aria-label': `${fault.name} ${fault.fault.kind} of ${fault.fault.target}`,
        onchange: () => this.#actions.toggle(index),
      }),
      el(
        'div',
        { class: 'fault-name' },
        el('b', {}, fault.name),
        ` ${span?.words ?? `${fault.fault.kind} of ${fault.fault.target}`}`,
      ),
      fault.recorded === null && !fixed
        ? el('button', { type: 'button', class: 'btn small', onclick: () => this.#actions.remove(index) }, 'Remove')
        : el('span'),
      el('span'),
      el('label', {}, 'at ', time('begins at', 'at', fault.fault.at)),
      lasts === null ? el('span') : el('label', {}, `${lasts} `, time(lasts, lasts, Number(fault.fault[lasts]))),
      el('span'),
    ];
  }

  #write(input: HTMLInputElement, index: number, name: string): void {
    const value = parseDuration(input.value.trim());
    if (value === undefined) {
      input.setAttribute('aria-invalid', 'true');
      input.title = 'expected a time such as 3.2s or 250ms';
      return;
    }
    input.blur();
    this.#drawn = '';
    this.#actions.set(index, { [name]: value as number });
  }

  #more(): readonly Node[] {
    const addable = this.#addable ?? [];
    const chosen = addable.find(({ kind }) => kind === this.#kind);
    const target = el(
      'select',
      { class: 'field', 'aria-label': 'Target', 'data-key': 'target' },
      chosen?.targets.map((name) => el('option', {}, name)) ?? [],
    );
    const choose = (event: Event): void => {
      this.#kind = (event.target as HTMLSelectElement).value;
      this.#state.changed();
    };
    return [
      el('h3', {}, `Add a fault at ${formatInstant(this.#state.view.at)}`),
      el(
        'div',
        { class: 'fields' },
        el('span'),
        el(
          'select',
          { class: 'field', 'aria-label': 'Kind of fault', 'data-key': 'kind', onchange: choose },
          addable.map(({ kind, about }) =>
            el('option', { value: kind, selected: kind === this.#kind, title: about }, kind),
          ),
        ),
        target,
        el(
          'button',
          {
            type: 'button',
            class: 'btn',
            'data-key': 'add',
            onclick: () => chosen !== undefined && this.#actions.add(this.#kind, target.value),
          },
          'Add',
        ),
      ),
      el('p', { class: 'faint' }, chosen?.about ?? ''),
    ];
  }

  #knobs(): readonly Node[] {
    const { subject, knobs } = this.#state;
    const { policies, networks } = subject.choices;
    const choice = (name: 'policy' | 'network', all: readonly string[]): readonly Node[] =>
      all.length === 0
        ? []
        : [
            el('label', { for: `knob-${name}` }, name === 'policy' ? 'Backoff' : 'Network'),
            el(
              'select',
              {
                class: 'field',
                id: `knob-${name}`,
                'data-key': name,
                onchange: (event: Event) => this.#actions.knob(name, (event.target as HTMLSelectElement).value || null),
              },
              el('option', { value: '' }, 'as recorded'),
              all.map((each) => el('option', { value: each, selected: knobs[name] === each }, each)),
            ),
          ];
    return [
      el('h3', {}, 'Knobs'),
      el(
        'div',
        { class: 'knobs' },
        el('label', { for: 'knob-seed' }, 'Seed'),
        el('input', {
          type: 'text',
          class: 'm',
          id: 'knob-seed',
          'data-key': 'seed',
          value: knobs.seed ?? subject.seed,
          spellcheck: 'false',
          onchange: (event: Event) => this.#seed(event.target as HTMLInputElement),
        }),
        choice('policy', policies),
        choice('network', networks),
      ),
      el(
        'p',
        { class: 'faint' },
        'The plan stays: another seed draws other waits, losses and contents under the same faults.',
      ),
    ];
  }

  #seed(input: HTMLInputElement): void {
    const text = input.value.trim().toLowerCase();
    if (!/^[0-9a-z]{1,10}$/.test(text)) {
      input.setAttribute('aria-invalid', 'true');
      return;
    }
    input.blur();
    this.#drawn = '';
    this.#actions.knob('seed', text === this.#state.subject.seed ? null : text);
  }

  #ledger(): readonly Node[] {
    const { tried } = this.#state;
    if (tried.length === 0) return [];
    return [
      el('h3', {}, 'Tried so far'),
      el(
        'table',
        { class: 'ledger' },
        el(
          'tr',
          {},
          ['', 'changed', 'verdict', 'first difference'].map((name) => el('th', { scope: 'col' }, name)),
        ),
        tried.map((each, i) => {
          const breach = each.model.breaches[0];
          const verdict =
            breach !== undefined
              ? `✕ ${formatInstant(breach.at)}`
              : each.model.exceeded === null
                ? '✓ holds'
                : '… budget';
          return el(
            'tr',
            {},
            el('td', { class: 'faint' }, String(tried.length - i)),
            el(
              'td',
              {},
              el('button', { type: 'button', class: 'link', onclick: () => this.#actions.loadTried(each) }, each.what),
            ),
            el('td', { class: breach === undefined ? 'good' : 'bad', title: breach?.law ?? '' }, verdict),
            el('td', { class: 'm muted' }, each.parts === null ? 'none' : formatInstant(each.parts)),
          );
        }),
      ),
    ];
  }
}
