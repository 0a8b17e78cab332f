/// <reference lib="dom" />
/** The first thing that is read: broken or holds, the law's own sentence, the faults that it takes, every combination. */
import { formatInstant } from '../../../src/time.ts';
import type { Model } from '../model/model.ts';
import { el, fill, key } from './dom.ts';
import type { Experiments } from './experiments.ts';
import { grid } from './grid.ts';
import { changesOf, type Parting } from './rerun.ts';
import type { State } from './state.ts';

export interface VerdictActions {
  breach(): void;
  compare(): void;
  reset(): void;
  without(index: number): void;
  /** Switches the recorded faults as a column has them. */
  load(on: readonly boolean[]): void;
}

export class Verdict {
  readonly element = el('section', { class: 'verdict', 'aria-label': 'Verdict' });
  readonly #state: State;
  readonly #experiments: Experiments;
  readonly #actions: VerdictActions;
  #drawn = '';

  constructor(state: State, experiments: Experiments, actions: VerdictActions) {
    this.#state = state;
    this.#experiments = experiments;
    this.#actions = actions;
  }

  render(parting: Parting | null): void {
    const { run, edited, view, error } = this.#state;
    const { columns, state, runs, accused } = this.#experiments;
    const now = JSON.stringify([
      run.digest,
      run.verdict,
      this.#state.edit,
      view.compare,
      state,
      runs,
      [...(accused ?? [])],
      parting?.at,
      error,
      columns.map(({ result }) => result?.verdict),
    ]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    const focus = this.element.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-key')
      : null;
    this.element.className = `verdict ${run.verdict === 'broken' ? '' : run.verdict}`;
    const badge = { broken: '✕ Broken', holds: '✓ Holds', budget: '… Out of budget' }[run.verdict];
    fill(
      this.element,
      el(
        'div',
        { class: 'said' },
        el('h1', {}, el('span', { class: 'badge' }, badge), el('span', {}, headline(run, edited !== null))),
        el('p', { class: 'why' }, this.#sentences(parting)),
        error === null
          ? null
          : el(
              'p',
              { class: 'why bad', role: 'alert' },
              `That run did not come to its end: ${error}. What is shown is the last one that did.`,
            ),
      ),
      grid(this.#state, this.#experiments, (on) => this.#actions.load(on)),
      el('div', { class: 'acts' }, this.#buttons()),
    );
    if (typeof focus === 'string') this.element.querySelector<HTMLElement>(`[data-key="${focus}"]`)?.focus();
  }

  #sentences(parting: Parting | null): readonly (Node | string)[] {
    const { run, edited, recorded, core } = this.#state;
    const [breach] = run.breaches;
    const place =
      breach === undefined
        ? []
        : [
            `${breach.law}, `,
            el(
              'button',
              { type: 'button', class: 'link m', onclick: () => this.#actions.breach() },
              formatInstant(breach.at),
            ),
            `, event #${breach.event} of ${run.events}${breach.last ? ', when the run was over' : ''}. `,
          ];
    const more =
      run.breaches.length > 1
        ? [
            `${run.breaches.length - 1} more ${run.breaches.length === 2 ? 'law is' : 'laws are'} broken as well: ${run.breaches
              .slice(1)
              .map(({ law }) => law)
              .join(', ')}. `,
          ]
        : [];
    if (edited !== null) {
      const [was] = recorded.breaches;
      const before =
        was === undefined
          ? recorded.verdict === 'holds'
            ? 'held'
            : 'was out of budget'
          : `broken at ${formatInstant(was.at)}`;
      return [
        ...place,
        ...more,
        'Changed: ',
        el('b', {}, changesOf(this.#state).join(', ')),
        `. As recorded: ${before}. `,
        parting === null ? 'The runs are identical.' : `First difference at ${formatInstant(parting.at)}.`,
      ];
    }
    if (breach === undefined && run.exceeded === null)
      return [
        `${run.laws.filter(({ because }) => because === null).length} laws were judged in ${run.events} events. ${run.conditions}.`,
      ];
    return [...place, ...more, ...(core === null ? [] : this.#blame())];
  }

  #blame(): readonly (Node | string)[] {
    const { accused, others, state, needsNone } = this.#experiments;
    const { faults } = this.#state;
    if (state === 'late') return ['Which faults it takes was not measured: a run takes too long here.'];
    if (accused === null) return [state === 'done' ? '' : 'Trying its faults…'];
    if (needsNone)
      return [faults.length === 0 ? 'There is no fault in its plan.' : 'It breaks with every fault switched off.'];
    const nameOf = (index: number): string => `${faults[index]?.name} ${faults[index]?.fault.kind}`;
    const guilty = [...accused].flatMap((index, i) => [
      i === 0 ? '' : i === accused.size - 1 ? ' and ' : ', ',
      el('b', {}, nameOf(index)),
    ]);
    const rest = this.#state.recorded.plan.flatMap((_, i) =>
      accused.has(i) || others.some((each) => each.has(i)) ? [] : [i],
    );
    return [
      ...(accused.size === 1
        ? [...guilty, ' alone is enough. ']
        : [
            'It takes ',
            ...guilty,
            ' together: without either of them this law holds. '.replace(
              'either',
              accused.size === 2 ? 'either' : 'any',
            ),
          ]),
      others.length > 0
        ? `${others.length} other ${others.length === 1 ? 'set' : 'sets'} of as many faults ${others.length === 1 ? 'is' : 'are'} enough as well. `
        : '',
      rest.length === 0
        ? ''
        : rest.length <= 3
          ? `${rest.map(nameOf).join(', ')} ${rest.length === 1 ? 'plays' : 'play'} no part.`
          : `${rest.length} other faults play no part.`,
    ];
  }

  #buttons(): readonly (Node | null)[] {
    const { edited, run, view, core } = this.#state;
    const { accused } = this.#experiments;
    const button = (name: string, letter: string | null, act: () => void, pressed?: boolean): Node =>
      el(
        'button',
        {
          type: 'button',
          class: 'btn',
          'data-key': name,
          onclick: act,
          'aria-pressed': pressed === undefined ? null : String(pressed),
        },
        name,
        letter === null ? null : key(letter),
      );
    const breach = run.breaches.length > 0 ? button('Go to breach', 'B', () => this.#actions.breach()) : null;
    if (edited !== null)
      return [
        button('Compare', 'C', () => this.#actions.compare(), view.compare),
        button('Back to recorded', 'R', () => this.#actions.reset()),
      ];
    const first = accused === null ? undefined : [...accused][0];
    return [
      breach,
      first === undefined || core === null
        ? null
        : button(`Run without ${this.#state.faults[first]?.name}`, null, () => this.#actions.without(first)),
    ];
  }
}

const headline = (run: Model, edited: boolean): string => {
  const [breach] = run.breaches;
  if (breach !== undefined) return breach.message;
  if (run.exceeded !== null) return `A budget was used up: ${run.exceeded}`;
  return edited ? 'No law is broken in the edited run' : 'No law is broken';
};
