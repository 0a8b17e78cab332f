addEventListener('error', (e) => {
  say('window error', e.message);
  e.preventDefault();
});
addEventListener('unhandledrejection', (e) => {
  say('unhandledrejection', e.reason);
  e.preventDefault();
});
addEventListener('rejectionhandled', (e) => say('rejectionhandled', e.reason));
const task = (ms = 0) => new Promise((then) => setTimeout(then, ms));
const attempt = (what, run) => {
  try {
    say(what, run());
  } catch (error) {
    say(what, error.name, error.message);
  }
};
for (const h of [undefined, null, 7, 'x', {}]) {
  const t = new EventTarget();
  t.addEventListener('a', { handleEvent: h });
  t.dispatchEvent(new Event('a'));
  say('after', String(h));
}
await task(50);
const rejected = Promise.reject('late');
await task(50);
rejected.catch((reason) => say('caught', reason));
await task(50);
attempt('length', () => {
  // Classes are strict.
  const strict = new (class {
    run() {
      localStorage.length = 'x';
    }
  })();
  try {
    return strict.run();
  } catch (error) {
    return error.name;
  }
});
localStorage.getItem = 'mine';
say(typeof localStorage.getItem, Object.keys(localStorage), localStorage.length);
delete localStorage.getItem;
attempt('setTimeout', () => setTimeout());
attempt('setInterval', () => setInterval());
attempt('clearTimeout', () => clearTimeout() === undefined);
say(String(document), document.title, document.nodeName, document.nodeType);
addEventListener('message', (e) =>
  say('message', e.data, e.origin === location.origin, e.source === window, e.ports.length),
);
postMessage({ a: 1 });
window.postMessage('two', '*');
postMessage('never', 'http://other/');
postMessage('three', '/');
attempt('nonsense', () => postMessage('x', 'nonsense url'));
setTimeout(() => say('timer'));
queueMicrotask(() => say('microtask'));
say('posted');
await task(50);
{
  const gaps = [];
  let last = performance.now();
  await new Promise((then) => {
    const again = () => {
      const now = performance.now();
      gaps.push(now - last >= 3.5 ? 4 : 0);
      last = now;
      if (gaps.length < 9) setTimeout(again, 0);
      else then();
    };
    setTimeout(again, 0);
  });
  say('nested', gaps);
}
const both = (name, target) => {
  target.addEventListener('d', () => say(name, 'bubble'));
  target.addEventListener('d', () => say(name, 'capture'), true);
  return target;
};
both('target', new EventTarget()).dispatchEvent(new Event('d'));
both('window', window).dispatchEvent(new Event('d'));
both('document', document).dispatchEvent(new Event('d', { bubbles: true }));
document.dispatchEvent(new Event('d'));
const socket = new WebSocket('/');
for (const code of [1000.4, 1000.5, 1000.7, 1000.99, 999.9, 4999.9, -0.5, '1000', '3000.9', 1e9, Infinity])
  attempt(`close ${code}`, () => String(socket.close(code)));
say(WebSocket.length, socket.send.length, socket.close.length);
const decoder = new TextDecoder();
say(
  decoder.decode(new Uint8Array([0xe2, 0x82]), { stream: true }),
  decoder.decode(new Uint8Array([0xac, 0xe2]), { stream: true }),
  decoder.decode(),
);
