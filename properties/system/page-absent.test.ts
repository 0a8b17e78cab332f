/** What a browser has and a page here has not. */
import { expect, test } from 'vitest';
import { inPage, second } from './one-page.ts';

test('what code asks for by typeof before it uses it is not there, and its use without asking names it', () => {
  const { said } = inPage(
    `
    // As lib0, which Yjs stands on, does when it is loaded.
    const parser = typeof DOMParser !== 'undefined' ? new DOMParser() : null;
    console.log(parser);
    console.log(typeof ReadableStream, typeof WebTransport, typeof MutationObserver, 'indexedDB' in globalThis);
    try {
      new MutationObserver(() => {});
    } catch (error) {
      console.log(String(error));
    }
  `,
    { until: second(1) },
  );
  expect(said).toEqual([
    'null',
    'undefined undefined undefined false',
    'ReferenceError: MutationObserver is not defined',
  ]);
});

test('what code uses without asking is there, and says by its name that it is not offered', () => {
  const { said } = inPage(
    `
    for (const use of [() => new EventSource('/'), () => new Worker('/'), () => history.back()])
      try {
        use();
      } catch (error) {
        console.log(error.message);
      }
  `,
    { until: second(1) },
  );
  expect(said).toEqual([
    'hangup: EventSource is not offered here: streams over HTTP are for later',
    'hangup: Worker is not offered here: a page is one thread',
    'hangup: history.back is not offered here: a client has one page',
  ]);
});
