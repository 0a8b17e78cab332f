/** A server process that ends by itself is started again, as systemd does: after a while, and not without end. */
import { expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { system } from '../../sim/system/system.ts';
import { at, type Instant, seconds } from '../../src/time.ts';
import { program } from './stage.ts';

/** What happened to the server, and what the page said, with the times in milliseconds. */
function played(server: string, plan: readonly object[] = []): string[] {
  const lines: string[] = [];
  const scenario = system({
    name: 'supervised',
    client: program('page-stays.mjs'),
    server: program(server),
    clients: 1,
    network: 'wifi',
    lasts: '20s',
    from: import.meta.url,
  });
  run(scenario, 1, {
    plan: plan as never,
    witness(entry) {
      const time = Math.round((entry.at as Instant) / 1000);
      if (entry.kind === 'crashed' || entry.kind === 'restarted') lines.push(`${time} ${entry.node} ${entry.kind}`);
      if (entry.kind === 'noted') lines.push(`${time} ${entry.node} ${entry.text}`);
      if (entry.kind === 'uncaught') lines.push(`${time} ${entry.node} ${entry.error}`);
      if (entry.kind === 'console') lines.push(`${time} ${entry.node} ${entry.text}`);
    },
  });
  return lines;
}

test('a process that ends again and again stays down after the fifth start within ten seconds', () => {
  const lines = played('ends-by-itself.ts').filter((line) => line.includes(' s1 '));
  const lives = [0, 1, 2, 3].flatMap((life) => [
    `${1100 * life + 1000} s1 crashed`,
    `${1100 * (life + 1)} s1 restarted`,
  ]);
  expect(lines).toEqual([
    ...lives,
    '5400 s1 crashed',
    '5500 s1 crash loop: it was started 5 times within 10 s, and stays down',
  ]);
});

test('a socket that fails while nobody listens to its errors takes the server with it, and a new one serves the page again', () => {
  const fault = { kind: 'reset', target: 'c1-s1', at: at(seconds(10)) };
  const lines = played('upgrade-unheard.ts', [fault]);
  expect(lines.map((line) => line.replace(/^\d+ /, ''))).toEqual([
    'c1 open',
    'c1 close',
    's1 Error: read ECONNRESET',
    's1 crashed',
    's1 restarted',
    'c1 open',
    's1 crashed',
  ]);
});
