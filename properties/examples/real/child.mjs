// One process that runs one bundled module of an example: a client with a browser's WebSocket, or a server.
// Says to its parent what its probe says; calls what its parent names.

const [, , file, target] = process.argv;

globalThis[Symbol.for('hangup.probe')] = (fact, first, second) =>
  process.send?.({
    fact,
    first,
    second: typeof second === 'string' || second === null ? second : Buffer.from(second).toString('latin1'),
  });
process.on('uncaughtException', (error) =>
  process.send?.({ fact: 'uncaught', first: String(error?.stack ?? error), second: null }),
);
process.on('unhandledRejection', (error) =>
  process.send?.({ fact: 'rejected', first: String(error?.stack ?? error), second: null }),
);

let open = 0;
if (target !== undefined) {
  const Base =
    process.env.HANGUP_WEBSOCKET === 'ws' || globalThis.WebSocket === undefined
      ? (await import('ws')).WebSocket
      : globalThis.WebSocket;
  // The name `server` is this machine's fault proxy.
  globalThis.WebSocket = class WebSocket extends Base {
    constructor(url, protocols) {
      super(String(url).replace(/^ws:\/\/server(:\d+)?/, `ws://127.0.0.1:${target}`), protocols);
      process.send?.({ fact: 'dial', first: String(url), second: null });
      open += 1;
      this.addEventListener('close', (event) => {
        open -= 1;
        process.send?.({ fact: 'closed', first: String(event.code), second: event.reason });
      });
      this.addEventListener('open', () => process.send?.({ fact: 'opened', first: '', second: null }));
      this.addEventListener('error', () => {});
    }
  };
}

const { createRequire } = await import('node:module');
const { readFileSync } = await import('node:fs');
const script = new Function('require', 'module', 'exports', '__filename', readFileSync(file, 'utf8'));
const module_ = { exports: {} };
script(createRequire(import.meta.url), module_, module_.exports, file);

process.on('message', async ({ call, args }) => {
  if (call === 'held?') {
    const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    process.send({ fact: 'held', first: String(timers + open), second: `${timers} timers, ${open} sockets` });
    return;
  }
  try {
    await module_.exports[call]?.(...args);
  } catch (error) {
    process.send({ fact: 'threw', first: `${call}: ${error?.message ?? error}`, second: null });
  }
});
// Nobody is left behind.
process.on('disconnect', () => process.exit());
process.send({ fact: 'ready', first: '', second: null });
