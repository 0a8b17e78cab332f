/** The examples in a few seeds: what is right holds, and what breaks often is found. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { explored, surprises } from './expected.ts';

const out = mkdtempSync(join(tmpdir(), 'hangup-examples-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

test('the chat, reconnecting sockets, socket.io, graphql-ws and Yjs keep what they promise', {
  timeout: 60_000,
}, async () => {
  const names = ['chat', 'reconnecting', 'partysocket', 'socketio', 'graphql-ws', 'yjs'];
  const sweeps = await explored(names, ['--seeds', '3', '--jobs', '1'], out);
  expect(sweeps.map(({ name, runs }) => [name, runs])).toEqual(names.map((name) => [name, 3]));
  expect(surprises(sweeps, true)).toEqual([]);
});

test('what breaks in every other run is found in four: requests under new keys, timers that stay', {
  timeout: 60_000,
}, async () => {
  const sweeps = await explored(['chat/resend', 'chat/listener'], ['--seeds', '4', '--jobs', '1'], out);
  expect(surprises(sweeps, true)).toEqual([]);
});
