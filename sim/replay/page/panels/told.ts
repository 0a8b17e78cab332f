/// <reference lib="dom" />
/** The story of a failing run, part by part: where it parts from a run that passes, what led on from there, what was known. */
import { formatInstant } from '../../../../src/time.ts';
import type { Model } from '../../model/model.ts';
import type { Told, ToldLine } from '../../model/told.ts';
import { el } from '../dom.ts';

/** Parts that the top of the page says already are left out. */
const PARTS: readonly (readonly [part: ToldLine['part'], title: string])[] = [
  ['parting', 'Where it parts from a run that passes'],
  ['chain', 'Then'],
  ['known', 'What was known then'],
  ['repeats', 'What repeats'],
];

/** `nameOf`: what a fault is called on the page, by its place in the plan of the run. */
export function told(
  run: Model,
  { lines }: Told,
  nameOf: (place: number) => string,
  selected: number,
  select: (row: number) => void,
): HTMLElement {
  const law = lines.find(({ part, text }) => part === 'breach' && text.startsWith('the law: '));
  return el(
    'div',
    {},
    law === undefined ? null : el('p', { class: 'muted' }, law.text.replace(/^the law: /, 'The law: ')),
    PARTS.map(([part, title]) => {
      const mine = lines.filter((line) => line.part === part);
      return mine.length === 0
        ? null
        : [
            el('h3', {}, title),
            el(
              'ol',
              { class: 'story' },
              mine.map((line) => el('li', {}, row(line))),
            ),
          ];
    }),
  );

  function named(text: string): string {
    return text.replace(/\bfaults? (\d+(?:(?:, | and )\d+)*)/g, (_, places: string) =>
      places.replace(/\d+/g, (place) => nameOf(Number(place))),
    );
  }

  function row({ at, who, text, row: place }: ToldLine): HTMLElement {
    const broken = place >= 0 && run.breaches.some((breach) => breach.row === place);
    return el(
      'button',
      {
        type: 'button',
        class: broken ? 'breach' : '',
        disabled: place < 0,
        'aria-current': place >= 0 && place === selected ? 'true' : null,
        onclick: () => select(place),
      },
      el('span', { class: 't' }, at === null ? '' : formatInstant(at)),
      el('span', { class: 'x' }, who === '' ? null : el('b', {}, `${who} `), named(text)),
    );
  }
}
