/** Rejections of realms are told in their runs, and those of whoever called a run are nobody's business there. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { alone } from './alone.ts';

test('A rejection that nobody handles is told when its step is over, one that is handled in it is not', () => {
  const code =
    "const late = Promise.reject(new Error('handled')); Promise.resolve().then(() => late.catch(() => {})); setTimeout(() => Promise.reject(new TypeError('nobody')), 5);";
  expect(alone(code).timed).toEqual(['5 uncaught rejection: TypeError: nobody']);
});

test('A rejection of the host that is handled behind a run is told to nobody', () => {
  const program = fileURLToPath(new URL('./host-rejections.ts', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ said: ['1'], told: ['handled by nobody'], left: [true] });
});
