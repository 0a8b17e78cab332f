/// <reference lib="dom" />
/** Colours and fonts as the theme has them now: a canvas knows no variables. */

const NAMES = [
  ...['bg', 'panel', 'raise', 'ink', 'ink2', 'ink3', 'line', 'line2', 'data', 'ack', 'control', 'post', 'lost', 'held'],
  ...['late', 'broken', 'brokenbg', 'brokenline', 'holds', 'holdsbg', 'open', 'openline', 'half', 'wait', 'waitline'],
  ...['down', 'downink', 'still', 'sel', 'mag', 'magline', 'sans', 'mono'],
] as const;

export type Palette = Readonly<
  Record<
    | 'bg'
    | 'panel'
    | 'raise'
    | 'ink'
    | 'ink2'
    | 'ink3'
    | 'line'
    | 'line2'
    | 'data'
    | 'ack'
    | 'control'
    | 'post'
    | 'lost'
    | 'held'
    | 'late'
    | 'broken'
    | 'brokenbg'
    | 'brokenline'
    | 'holds'
    | 'holdsbg'
    | 'open'
    | 'openline'
    | 'half'
    | 'wait'
    | 'waitline'
    | 'down'
    | 'downink'
    | 'still'
    | 'sel'
    | 'mag'
    | 'magline'
    | 'sans'
    | 'mono',
    string
  >
>;

export function paletteNow(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Palette;
}
