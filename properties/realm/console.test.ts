/** The console of a realm: what it is given it shows, and nothing of that reaches the application as an error. */
import { expect, test } from 'vitest';
import { alone } from './alone.ts';

test('what cannot be shown is shown as that, and the application goes on', () => {
  const code = `
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const hostile = new Proxy({}, new Proxy({}, { get() { throw new Error('trap'); } }));
    console.log('a', revoked.proxy, 1);
    console.log('b', hostile);
    console.log('%s', { toString() { throw new Error('text'); } });
    console.log('d', Object.assign(new Error('m'), { name: Symbol('s') }));
    console.log('on');`;
  const { said } = alone(code, { profile: 'node' });
  expect(said.filter((line) => line.startsWith('uncaught'))).toEqual([]);
  expect(said.at(-1)).toBe('on');
  expect(said).toHaveLength(5);
});
