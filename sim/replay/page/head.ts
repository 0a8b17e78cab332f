/// <reference lib="dom" />
/** The top of the page: which run this is, and what somebody must know of it before they believe anything else. */
import { el, key, svg } from './dom.ts';
import type { State } from './state.ts';

export function head(
  { subject, recorded }: State,
  menu: HTMLElement,
  theme: () => void,
  help: () => void,
): HTMLElement {
  return el(
    'div',
    { class: 'top' },
    el('span', { class: 'brand' }, logo(), 'hangup replay'),
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
      el('button', { type: 'button', class: 'btn opt', onclick: theme }, 'Theme'),
      menu,
      el('button', { type: 'button', class: 'btn', onclick: help }, 'Keys', key('?')),
    ),
  );
}

/** That the page came to another run than Node, or that it cannot run it again. */
export function notices({ same, subject, recorded, core }: State): readonly (Node | null)[] {
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

function logo(): Node {
  const path = (d: string, opacity: number): Node =>
    svg('path', { d, opacity, fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-linecap': 'round' });
  return svg(
    'svg',
    { width: 20, height: 20, viewBox: '0 0 20 20', 'aria-hidden': 'true' },
    path('M2 6h5l3 8 3-8h5', 1),
    path('M2 14h3M15 14h3', 0.5),
  );
}
