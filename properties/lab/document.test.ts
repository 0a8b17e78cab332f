/** Documents of experiments as fixtures: small ones, so that whoever reads documents has some to read. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LabDocument } from '../../sim/lab/experiment/document.ts';
import { expectSound } from './sound.ts';

const fixture = (name: string): LabDocument =>
  JSON.parse(readFileSync(new URL(`../fixtures/lab/${name}.json`, import.meta.url), 'utf8')) as LabDocument;

test.each(['compare', 'tune'])('the document of a small %s is sound', (name) => {
  expectSound(fixture(name));
});

test('a document whose rows are out of order, or whose mean is not that of its rows, is not sound', () => {
  const document = fixture('compare');
  expect(() => expectSound({ ...document, rows: document.rows.toReversed() })).toThrow();
  const estimates = document.estimates.map((each) => ({ ...each, mean: each.mean === null ? null : each.mean + 1 }));
  expect(() => expectSound({ ...document, estimates })).toThrow();
});
