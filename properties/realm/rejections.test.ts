/** Rejections of realms are told in their runs, and those of whoever called a run are nobody's business there. */
import { expect, test } from 'vitest';
import { alone } from './alone.ts';

test('A rejection that nobody handles is told when its step is over, one that is handled in it is not', () => {
  const code =
    "const late = Promise.reject(new Error('handled')); Promise.resolve().then(() => late.catch(() => {})); setTimeout(() => Promise.reject(new TypeError('nobody')), 5);";
  expect(alone(code).timed).toEqual(['5 uncaught rejection: TypeError: nobody']);
});

test('A rejection of the host that is handled behind a run is told to nobody', async () => {
  const told: unknown[] = [];
  const others = process.listeners('unhandledRejection');
  const listener = (reason: unknown) => void told.push(reason);
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', listener);
  try {
    const handled = Promise.reject(new Error('handled behind the run'));
    const nobody = new Error('handled by nobody');
    void Promise.reject(nobody);
    const { said } = alone('setTimeout(console.log, 1, 1);');
    await expect(handled).rejects.toThrow('handled behind the run');
    await new Promise((done) => setTimeout(done, 20));
    expect(said).toEqual(['1']);
    expect(told).toEqual([nobody]);
    expect(process.listeners('unhandledRejection')).toEqual([listener]);
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const each of others) process.on('unhandledRejection', each);
  }
});
