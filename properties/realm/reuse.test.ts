/** A realm that served before is a new one: what a life left behind, wherever it hid that, the next life does not find. */
import { describe, expect, test } from 'vitest';
import { freshly } from '../../sim/realm/realm.ts';
import { aloneScenario, ran } from './alone.ts';

/** Each says what it finds, and leaves something for whoever comes next. */
const LEAVES: Readonly<Record<string, string>> = {
  'a global': 'console.log(typeof left); globalThis.left = 1;',
  'a global that is not enumerable':
    "console.log(typeof left); Object.defineProperty(globalThis, 'left', { value: 1, configurable: true });",
  'a global for good': "console.log(typeof left); Object.defineProperty(globalThis, 'left', { value: 1 });",
  'a global of another kind':
    "console.log(typeof setTimeout); Object.defineProperty(globalThis, 'setTimeout', { get: () => 7, configurable: true });",
  'no global': 'console.log(typeof queueMicrotask); delete globalThis.queueMicrotask;',
  'an intrinsic that was replaced': "console.log([1].map(String)[0]); Array.prototype.map = () => ['left'];",
  'a method of an intrinsic': 'console.log(typeof [].left); Array.prototype.left = () => 1;',
  'one that is not enumerable':
    "console.log(typeof new Map().left); Object.defineProperty(Map.prototype, 'left', { value: () => 1, configurable: true });",
  'one for good':
    "console.log(typeof new Set().left); Object.defineProperty(Set.prototype, 'left', { value: () => 1 });",
  'an intrinsic without a method': 'console.log(typeof Promise.prototype.finally); delete Promise.prototype.finally;',
  'another prototype':
    'console.log(Object.getPrototypeOf(Map.prototype) === Object.prototype); Object.setPrototypeOf(Map.prototype, null);',
  'something frozen': 'console.log(Object.isFrozen(Array.prototype)); Object.freeze(Array.prototype);',
  'a mark on a method': 'console.log(typeof setTimeout.left); setTimeout.left = 1;',
  'a symbol': "console.log(typeof ''[Symbol.for('left')]); String.prototype[Symbol.for('left')] = 1;",
  'another console': "console.log('as it was'); console.log = () => {};",
  'no stacks': 'console.log(Error.stackTraceLimit); Error.stackTraceLimit = 0;',
  'what an expression matched last': "console.log(RegExp.$1); /(left)/.exec('left');",
  'a mark in time': "console.log(performance.getEntries().length); performance.mark('left');",
  'a group of lines': 'console.log(1); console.group(); console.groupEnd(); console.group();',
  'timers and promises':
    'console.log(1); setInterval(() => {}, 1e9); Promise.reject(new Error()).catch(() => {}); new Promise(() => {});',
  'luck that was drawn': 'console.log(Math.random()); Math.random();',
};

describe.each(['browser', 'node'] as const)('a realm of a %s that served before', (profile) => {
  test.each(Object.entries(LEAVES))('does not show %s', (_, code) => {
    const scenario = aloneScenario(code, { profile });
    const run = () => {
      const { said, outcome } = ran(scenario);
      return { said, digest: outcome.digest };
    };
    const first = freshly(run);
    expect(first.said).toHaveLength(1);
    // One more than there are lives after which everything is looked at.
    for (let life = 1; life <= 6; life++) expect(run(), `life ${life}`).toEqual(first);
  });
});

test('A change in one life of many is found a few lives later, and undone', () => {
  const code = 'console.log(typeof [].left); if (Math.random() < 0.1) Array.prototype.left = 1;';
  const scenario = aloneScenario(code);
  const found = Array.from({ length: 60 }, (_, i) => ran(scenario, { seed: i + 1 }).said[0]);
  expect(found.filter((type) => type !== 'undefined').length).toBeLessThan(16);
  expect(freshly(() => ran(scenario, { seed: 60 }).said[0])).toBe('undefined');
});
