/// <reference lib="dom" />
/** Keys of the page, and the map that shows them. Letters for movement are bound to their places on the keyboard. */
import { el } from './dom.ts';

export interface KeyActions {
  readonly play: () => void;
  readonly step: (by: 1 | -1, same: boolean) => void;
  readonly odd: (by: 1 | -1) => void;
  readonly move: (by: number) => void;
  readonly zoom: (factor: number) => void;
  readonly whole: () => void;
  readonly story: () => void;
  readonly magnify: () => void;
  readonly theme: () => void;
  readonly help: () => void;
  readonly breach: () => void;
  readonly cause: () => void;
  readonly tab: (index: number) => void;
  readonly compare: () => void;
  readonly fault: (index: number) => void;
  readonly reset: () => void;
  readonly search: () => void;
  readonly escape: () => void;
}

/** After X a digit switches a fault, for so long. */
const CHORD_MS = 1500;

export function listen(actions: KeyActions): void {
  let chord = Number.NEGATIVE_INFINITY;
  addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    const writes =
      target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type !== 'checkbox');
    if (event.key === 'Escape') {
      actions.escape();
      if (writes) target.blur();
      return;
    }
    if (writes || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null)
      return;
    const onButton =
      target instanceof HTMLButtonElement || target instanceof HTMLInputElement || target.tagName === 'SUMMARY';
    if (event.timeStamp - chord < CHORD_MS && /^[1-9]$/.test(event.key)) {
      chord = Number.NEGATIVE_INFINITY;
      event.preventDefault();
      actions.fault(Number(event.key) - 1);
      return;
    }
    if (event.code === 'KeyX') {
      chord = event.timeStamp;
      return;
    }
    const isArrow = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    if (isArrow && target.getAttribute('role') === 'tab') return;
    const act = byKey(event, actions) ?? byCode(event.code, actions);
    if (act === null || (event.key === ' ' && onButton)) return;
    event.preventDefault();
    act();
  });
}

function byKey({ key, shiftKey }: KeyboardEvent, a: KeyActions): (() => void) | null {
  const acts: Readonly<Record<string, () => void>> = {
    ' ': a.play,
    ArrowLeft: () => a.step(-1, shiftKey),
    ArrowRight: () => a.step(1, shiftKey),
    '[': () => a.odd(-1),
    ']': () => a.odd(1),
    '0': a.whole,
    '?': a.help,
    '/': a.search,
    '1': () => a.tab(0),
    '2': () => a.tab(1),
    '3': () => a.tab(2),
    '4': () => a.tab(3),
  };
  return acts[key] ?? null;
}

function byCode(code: string, a: KeyActions): (() => void) | null {
  const acts: Readonly<Record<string, () => void>> = {
    KeyW: () => a.zoom(0.8),
    KeyS: () => a.zoom(1.25),
    KeyA: () => a.move(-0.15),
    KeyD: () => a.move(0.15),
    KeyZ: a.story,
    KeyM: a.magnify,
    KeyT: a.theme,
    KeyB: a.breach,
    KeyP: a.cause,
    KeyC: a.compare,
    KeyR: a.reset,
  };
  return acts[code] ?? null;
}

const MAP: readonly (readonly [keys: string, does: string])[] = [
  ['Space', 'play, pause'],
  ['← →', 'step; with Shift: of the same party'],
  ['[ ]', 'previous, next loss, hold or error'],
  ['B', 'the breach'],
  ['P', 'what led to this step'],
  ['W S A D', 'zoom in, zoom out, earlier, later'],
  ['0, Z', 'the whole run, the story'],
  ['M', 'magnify the moments of the story'],
  ['1 2 3 4', 'Why, Step, Events, What if'],
  ['X, then 1 to 9', 'switch a fault'],
  ['C', 'compare with the recorded run'],
  ['R', 'back to the recorded run'],
  ['/', 'search'],
  ['T', 'theme'],
  ['Esc', 'close, clear'],
  ['on a fault’s name', 'arrows move it by 10 ms, with Shift by 100 ms; with Alt they move its end'],
];

export const keyMap = (): HTMLDialogElement =>
  el(
    'dialog',
    { 'aria-labelledby': 'keys-title' },
    el('h2', { id: 'keys-title' }, el('b', {}, 'Keys')),
    el(
      'table',
      {},
      MAP.map(([keys, does]) => el('tr', {}, el('td', { class: 'm' }, keys), el('td', {}, does))),
    ),
    el('p', {}, el('form', { method: 'dialog' }, el('button', { class: 'btn' }, 'Close'))),
  );
