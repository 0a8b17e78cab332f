/// <reference lib="dom" />
/** What each party takes its connections for at the cursor, and where two of them disagree. */
import { formatInstant } from '../../../../src/time.ts';
import type { Bar, Model } from '../../model/model.ts';
import { barsAt } from '../board/bars.ts';
import { el, fill } from '../dom.ts';
import type { State } from '../state.ts';

/** So many chips in a row. */
const MOST = 5;

export class Beliefs {
  readonly element = el('section', { class: 'beliefs', 'aria-label': 'What each party believes' });
  readonly #state: State;
  #drawn = '';

  constructor(state: State) {
    this.#state = state;
  }

  render(): void {
    const { run, view } = this.#state;
    const bars = barsAt(run, view.at);
    const now = `${run.digest} ${bars.map(({ entry, state }) => `${entry}${state}`).join()} ${view.at}`;
    if (now === this.#drawn) return;
    this.#drawn = now;
    const half = bars.filter((bar) => isHalf(bar, view.at));
    fill(
      this.element,
      el('h2', {}, 'What each party believes', el('span', { class: 'm muted' }, formatInstant(view.at))),
      el(
        'table',
        {},
        run.parties.map(({ id }, lane) => {
          if (!speaks(run, lane)) return null;
          const mine = bars.filter((bar) => bar.lane === lane);
          return el(
            'tr',
            {},
            el('th', { scope: 'row' }, id),
            el(
              'td',
              {},
              mine.length === 0
                ? el('span', { class: 'faint' }, 'no connection')
                : mine.slice(0, MOST).map((bar) => chip(bar, view.at)),
              mine.length > MOST ? el('span', { class: 'faint' }, ` and ${mine.length - MOST} more`) : null,
            ),
          );
        }),
      ),
      half.length === 0
        ? null
        : el(
            'p',
            { class: 'muted' },
            el('b', {}, `${run.parties[half[0]?.lane ?? 0]?.id} believes that ${half[0]?.label.split(' ')[0]} is open`),
            ', but the other side does not, or its link is cut.',
          ),
    );
  }
}

/** Parties that never have a connection have nothing to believe. */
function speaks(run: Model, lane: number): boolean {
  let lanes = speakers.get(run);
  if (lanes === undefined) {
    lanes = new Set(run.bars.map((bar) => bar.lane));
    speakers.set(run, lanes);
  }
  return lanes.has(lane);
}
const speakers = new WeakMap<Model, ReadonlySet<number>>();

const isHalf = ({ half, state }: Bar, at: number): boolean =>
  state === 'open' && half.some(([a, b]) => a <= at && at < b);

function chip(bar: Bar, at: number): Node {
  const half = isHalf(bar, at);
  const name = bar.label.split(' → ')[0] ?? '';
  const words = {
    open: half ? `${name} open here only` : `${name} open`,
    dialling: `${name} dialling`,
    wait: 'waits',
    down: bar.label,
    paused: 'stands still',
    phase: bar.label,
  }[bar.state];
  return el(
    'span',
    { class: `chip ${half ? 'half' : bar.state === 'paused' ? 'down' : bar.state}`, title: bar.label },
    words,
  );
}
