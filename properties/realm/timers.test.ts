import { describe, expect, test } from 'vitest';
import { alone } from './alone.ts';

const said = (code: string, profile: 'browser' | 'node') => alone(code, { profile }).timed;

describe('the timers of a page', () => {
  test('wait for 4 ms at least from the seventh on that is set one out of the other', () => {
    const lines = said(
      'let n = 0; const again = () => { console.log(++n); if (n < 9) setTimeout(again, 0); }; setTimeout(again, 0);',
      'browser',
    );
    expect(lines).toEqual(['0 1', '0 2', '0 3', '0 4', '0 5', '0 6', '4 7', '8 8', '12 9']);
  });

  test('come in the order of their times, and at one time in the order in which they were set', () => {
    const code =
      'for (const [name, ms] of [["a", 5], ["b", 1], ["c", 5], ["d", 0]]) setTimeout(console.log, ms, name);';
    expect(said(code, 'browser')).toEqual(['0 d', '1 b', '5 a', '5 c']);
  });

  test('take a delay as the 32-bit integer that it is, and text for code', () => {
    const code =
      'setTimeout(console.log, 4294967296 + 7, "wrapped"); setTimeout(console.log, -5, "negative"); setTimeout("console.log(1 + 1)", 3);';
    expect(said(code, 'browser')).toEqual(['0 negative', '3 2', '7 wrapped']);
  });

  test('run the microtasks of each before the next', () => {
    const code =
      'for (const n of [1, 2]) setTimeout(() => { console.log(n); Promise.resolve().then(() => console.log("after", n)); }, 1);';
    expect(said(code, 'browser')).toEqual(['1 1', '1 after 1', '1 2', '1 after 2']);
  });

  test('that throw are reported, and an interval goes on', () => {
    const code =
      'let n = 0; const id = setInterval(() => { if (++n === 3) clearInterval(id); throw new Error("no " + n); }, 10);';
    expect(said(code, 'browser')).toEqual([1, 2, 3].map((n) => `${n * 10} uncaught error: Error: no ${n}`));
  });
});

describe('the timers of a Node process', () => {
  test('wait for 1 ms where the delay is none, and an immediate for nothing', () => {
    const code =
      'for (const ms of [0, -1, NaN, 2147483648, 1.9]) setTimeout(console.log, ms, ms); setImmediate(console.log, "now");';
    expect(said(code, 'node')).toEqual(['0 now', '1 0', '1 -1', '1 NaN', '1 2147483648', '1 1.9']);
  });

  test('can be refreshed, and cleared by their number', () => {
    const code =
      'const late = setTimeout(console.log, 10, "late"); setTimeout(() => late.refresh(), 5); clearTimeout(+setTimeout(console.log, 3, "never"));';
    expect(said(code, 'node')).toEqual(['15 late']);
  });
});
