/** Whatever a module of Node exports is there in a realm, too: it works, or says by name that it does not exist there. */
import { builtinModules, createRequire } from 'node:module';
import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { NO_HOST } from '../../sim/realm/host.ts';
import { takeRealm } from '../../sim/realm/realm.ts';

/** What other modules have of it stands there by itself; a bag of numbers, and a name that nobody may use any more. */
const LEFT_OUT = ['constants', 'sys', 'wasi', 'test'];
/** Of Node's `process` what depends on `domain`, and the assertion of its own sources. */
const OF_PROCESS = ['process.domain', 'process.assert'];

/** Runs a module's text in a Node process of its own; returns what it writes with `console.log`. */
function said(source: string): string[] {
  const lines: string[] = [];
  const realm = takeRealm('node');
  const host = { ...NO_HOST, console: (_level: string, text: string) => void lines.push(text) };
  realm.begin(new Script(`(require) => { ${source}; return {}; }`), host, [1, 2, 3], [], []);
  realm.run();
  return lines;
}

// Other versions have other names; a realm is a Node of version 20.
test.runIf(process.version.startsWith('v20.'))('no export of a module is undefined', () => {
  const require = createRequire(import.meta.url);
  const names = builtinModules.filter((name) => !name.startsWith('_') && !LEFT_OUT.includes(name));
  const wanted = names.map((name) => [name, Object.keys(require(name)).filter((key) => !key.startsWith('_'))]);
  const lines = said(`
    for (const [name, keys] of ${JSON.stringify(wanted)}) {
      const module = require(name);
      for (const key of keys) if (!(key in module)) console.log(name + '.' + key);
    }`);
  expect(lines.filter((line) => !OF_PROCESS.includes(line))).toEqual([]);
});

test('what does not exist here says its name when it is used', () => {
  const lines = said(`
    for (const use of [() => require('crypto').createCipheriv(), () => new (require('net').SocketAddress)(), () => require('fs').readFileSync('x')])
      try { use(); } catch (error) { console.log(error.code + ' ' + error.message.split(' (')[0]); }`);
  expect(lines).toEqual([
    'ERR_NOT_IN_A_REALM crypto.createCipheriv does not exist here: this process is simulated',
    'ERR_NOT_IN_A_REALM net.SocketAddress does not exist here: this process is simulated',
    'ERR_NOT_IN_A_REALM fs.readFileSync does not exist here: this process is simulated',
  ]);
});
