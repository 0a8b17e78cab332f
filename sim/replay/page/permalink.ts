/// <reference lib="dom" />
/** The place in the run and the edit as a fragment: small, because the run is made again and not stored. */
import { flatJson } from './flat-json.ts';
import { type PageFault, type State, TABS, type Tab } from './state.ts';

/** What of the state goes into an address. Times are whole microseconds. */
export function fragmentOf(state: State): string {
  const { view, faults, knobs, recorded } = state;
  const out = new URLSearchParams();
  if (view.row >= 0) out.set('row', String(view.row + 1));
  else out.set('t', String(Math.round(view.at)));
  if (view.from > 0 || view.to < recorded.ended) out.set('w', `${Math.round(view.from)}-${Math.round(view.to)}`);
  if (view.tab !== 'why') out.set('tab', view.tab);
  if (view.compare) out.set('compare', '1');
  if (!view.magnified) out.set('flat', '1');
  if (view.query !== '') out.set('q', view.query);
  const off = faults.flatMap(({ on }, i) => (on ? [] : [i + 1]));
  if (off.length > 0) out.set('off', off.join('.'));
  const changed = faults.flatMap(({ fault, recorded: was }, i) =>
    JSON.stringify(fault) === JSON.stringify(was) ? [] : [[i + 1, fault]],
  );
  if (changed.length > 0) out.set('faults', JSON.stringify(changed));
  for (const [name, value] of Object.entries(knobs)) out.set(name, value);
  return out.toString();
}

/** Takes what a fragment says into the state. It may be anybody's: what is not sound is left. Returns whether it edits. */
export function readFragment(state: State, fragment: string): boolean {
  const given = new URLSearchParams(fragment);
  const { view, recorded, subject } = state;
  const whole = (name: string): number | null =>
    /^\d{1,15}$/.test(given.get(name) ?? '') ? Number(given.get(name)) : null;
  const tab = given.get('tab');
  if (TABS.includes(tab as Tab)) view.tab = tab as Tab;
  view.magnified = given.get('flat') === '1' ? false : view.magnified;
  view.query = (given.get('q') ?? '').slice(0, 200);
  const window = /^(\d{1,15})-(\d{1,15})$/.exec(given.get('w') ?? '');
  if (window !== null) state.show(Number(window[1]), Number(window[2]));
  const row = whole('row');
  const at = whole('t');
  if (row !== null && row >= 1 && row <= recorded.rows.count) {
    view.row = row - 1;
    view.at = recorded.rows.at[view.row] as number;
  } else if (at !== null && at <= recorded.ended) view.at = at;
  if (state.core === null) return false;
  for (const place of (given.get('off') ?? '').split('.')) {
    const fault = state.faults[Number(place) - 1];
    if (fault !== undefined) fault.on = false;
  }
  for (const [place, fault] of flatJson(given.get('faults'))) {
    const index = place - 1;
    const known = state.faults[index];
    if (known !== undefined) known.fault = fault;
    else if (index === state.faults.length)
      state.faults.push({ name: `F${index + 1}`, recorded: null, fault, on: true } satisfies PageFault);
  }
  const seed = given.get('seed');
  if (seed !== null && /^[0-9a-z]{1,10}$/.test(seed)) state.knobs.seed = seed;
  for (const [name, all] of [
    ['policy', subject.choices.policies],
    ['network', subject.choices.networks],
  ] as const) {
    const value = given.get(name);
    if (value !== null && all.includes(value)) state.knobs[name] = value;
  }
  view.compare = given.get('compare') === '1' && state.edit !== null;
  return state.edit !== null;
}
