/** What a page hears of its tab, and what outlives it. */
import { describe, expect, test } from 'vitest';
import { ms, seconds } from '../../src/time.ts';
import { inPage, type Serves, second } from './one-page.ts';

describe('a tab', () => {
  test('that is frozen hears of it before and after, takes no step meanwhile, and its browser answers pings', () => {
    const script = `
      for (const type of ['visibilitychange', 'freeze', 'resume'])
        document.addEventListener(type, () => console.log(type, document.visibilityState, Math.round(performance.now() / 1000)));
      addEventListener('visibilitychange', () => console.log('bubbles'));
      setInterval(() => console.log('tick', Math.round(performance.now() / 1000)), 2000);
      new WebSocket('/').onmessage = ({ data }) => console.log('heard', data, Math.round(performance.now() / 1000));
    `;
    const serves: Serves = {
      upgrade(connection, _request, _protocols, later) {
        later(seconds(5), () => connection.ping());
        later(seconds(6), () => connection.send('while it stood still'));
        later(seconds(7), () => connection.ping());
        return connection.accept();
      },
    };
    const plan = [{ kind: 'suspend', target: 'c1', at: second(3), lasts: seconds(6) }] as const;
    expect(inPage(script, { plan, serves, until: second(10) }).said).toEqual([
      'tick 2',
      'visibilitychange hidden 3',
      'bubbles',
      'freeze hidden 3',
      'server pong 5.0',
      'server pong 7.0',
      'resume hidden 9',
      'heard while it stood still 9',
      'tick 9',
      'visibilitychange visible 9',
      'bubbles',
      // It is closed.
      'visibilitychange hidden 10',
      'bubbles',
      'server closed 1001  true',
    ]);
  });

  test('that is frozen while its device sleeps goes on when both are over, and hears its sockets', () => {
    const script = `
      document.addEventListener('resume', () => console.log('resume'));
      setTimeout(() => {
        const socket = new WebSocket('ws://server/chat');
        socket.onopen = () => console.log('open', document.visibilityState);
      }, 11_000);
    `;
    const plan = [
      { kind: 'sleep', target: 'c1', at: second(2), lasts: seconds(4) },
      { kind: 'suspend', target: 'c1', at: second(3), lasts: seconds(6) },
    ] as const;
    expect(inPage(script, { plan, until: second(14) }).said.slice(0, 1)).toEqual(['open visible']);
  });

  test('that is hidden keeps its timers to whole seconds, but not its tasks, its sockets and its frames', () => {
    const script = `
      const at = (what) => console.log(what, performance.now().toFixed(0));
      document.onvisibilitychange = () => {
        at(document.visibilityState);
        if (!document.hidden) return;
        setTimeout(() => at('timer'), 100);
        requestAnimationFrame(() => at('frame'));
        const { port1, port2 } = new MessageChannel();
        port2.onmessage = () => at('task');
        port1.postMessage(null);
      };
    `;
    const plan = [
      { kind: 'throttle', target: 'c1', at: second(2.5), lasts: seconds(3), intensiveAfter: seconds(60) },
    ] as const;
    expect(inPage(script, { plan, until: second(10) }).said).toEqual([
      'hidden 2500',
      'task 2500',
      'timer 3000',
      'visible 5500',
      'frame 5517',
      'hidden 10000',
    ]);
  });

  test('that is loaded again says goodbye, keeps what it stored, and its server hears 1001', () => {
    const script = `
      console.log('loaded', localStorage.visits, sessionStorage.getItem('visits'), document.readyState);
      localStorage.visits = Number(localStorage.visits ?? 0) + 1;
      sessionStorage.setItem('visits', localStorage.visits);
      for (const type of ['load', 'pageshow', 'beforeunload', 'pagehide', 'unload'])
        addEventListener(type, () => console.log(type, document.readyState));
      new WebSocket('/chat').onclose = () => console.log('never heard');
    `;
    const plan = [{ kind: 'reload', target: 'c1', at: second(3), lasts: ms(500), stored: true }] as const;
    expect(inPage(script, { plan, until: second(6) }).said).toEqual([
      'loaded undefined null interactive',
      'load complete',
      'pageshow complete',
      'beforeunload complete',
      'pagehide complete',
      'unload complete',
      'server closed 1001  true',
      'loaded 1 1 interactive',
      'load complete',
      'pageshow complete',
      'beforeunload complete',
      'pagehide complete',
      'unload complete',
      'server closed 1001  true',
    ]);
  });

  test('can load itself again, once its step is over', () => {
    const script = `
      const n = Number(sessionStorage.n ?? 0);
      sessionStorage.n = n + 1;
      console.log('life', n);
      if (n < 2) setTimeout(() => { location.reload(); console.log('still here') }, 1000);
    `;
    expect(inPage(script).said).toEqual(['life 0', 'still here', 'life 1', 'still here', 'life 2']);
  });

  test('has a second one beside it, with what is stored, a copy of its session, and a channel between them', () => {
    const script = `
      console.log('loaded', localStorage.who ?? '-', sessionStorage.own ?? '-');
      if (localStorage.who === undefined) { localStorage.who = 'first'; sessionStorage.own = 'mine' }
      const channel = new BroadcastChannel('tabs');
      channel.onmessage = ({ data }) => console.log('heard', JSON.stringify(data));
      onstorage = ({ key, oldValue, newValue, storageArea }) => {
        console.log('stored', key, oldValue, newValue, storageArea === localStorage, localStorage.who);
        channel.postMessage({ from: sessionStorage.own, list: [1, new Map([[1, 2]]).size] });
      };
      if (localStorage.who === 'first' && sessionStorage.own === 'mine' && localStorage.length === 1)
        setTimeout(() => { if (document.hasFocus() && sessionStorage.told === undefined) { sessionStorage.told = 1; localStorage.who = 'somebody' } }, 5000);
    `;
    const plan = [{ kind: 'secondTab', target: 'c1', at: second(2), lasts: seconds(9) }] as const;
    const { lines } = inPage(script, { plan, until: second(12) });
    expect(lines.map((line) => line.replace(/^[\d.]+ /, ''))).toEqual([
      'c1 loaded - -',
      'c1~2 loaded first mine',
      'c1~2 stored who first somebody true somebody',
      'c1 heard {"from":"mine","list":[1,1]}',
    ]);
  });

  test('that goes away may still say something: what it sends, or with what it closes, reaches its server', () => {
    const script = (goodbye: string): string => `
      const socket = new WebSocket('/');
      socket.onclose = () => console.log('never heard');
      addEventListener('pagehide', ({ persisted }) => { console.log('pagehide', persisted, socket.readyState); ${goodbye} });
      document.onvisibilitychange = () => console.log(document.visibilityState, socket.readyState);
    `;
    const serves: Serves = {
      message(_connection, data) {
        heard.push(data);
        return [];
      },
    };
    const heard: unknown[] = [];
    expect(inPage(script("socket.send('last words')"), { serves, until: second(2) }).said).toEqual([
      'pagehide false 1',
      'hidden 1',
      'server closed 1001  true',
    ]);
    expect(heard).toEqual(['last words']);
    expect(inPage(script("socket.close(4000, 'leaving')"), { serves, until: second(2) }).said).toEqual([
      'pagehide false 1',
      'hidden 2',
      'server closed 4000 leaving true',
    ]);
  });

  test('that is frozen hears when it goes on that its connection has ended, with the code that came', () => {
    const script = `
      const socket = new WebSocket('/');
      socket.onmessage = ({ data }) => console.log(data, socket.readyState);
      socket.onclose = ({ code, wasClean }) => console.log('close', code, wasClean, Math.round(performance.now() / 1000));
      document.addEventListener('resume', () => console.log('resume', socket.readyState));
    `;
    const plan = [{ kind: 'suspend', target: 'c1', at: second(1), lasts: seconds(8) }] as const;
    const closes: Serves = {
      upgrade(connection, _request, _protocols, later) {
        later(seconds(3), () => connection.send('before'));
        later(seconds(4), () => connection.close(1012, ''));
        return connection.accept();
      },
    };
    // Its browser answers the close frame while the page stands still.
    expect(inPage(script, { plan, serves: closes, until: second(12) }).lines.map((line) => line.slice(0, 60))).toEqual([
      expect.stringMatching(/^4\.0\d\d server server closed 1012 {2}true$/),
      '9.000 c1 resume 1',
      '9.000 c1 before 1',
      '9.000 c1 close 1012 true 9',
    ]);
  });

  test('whose device is offline hears of it at its window; its open socket does not', () => {
    const script = `
      const socket = new WebSocket('/');
      socket.onclose = () => console.log('closed');
      addEventListener('offline', (event) => console.log('offline', navigator.onLine, event.target === window, event.bubbles, socket.readyState));
      ononline = () => console.log('online', navigator.onLine, socket.readyState);
    `;
    const plan = [{ kind: 'offline', target: 'c1', at: second(2), lasts: seconds(2) }] as const;
    expect(inPage(script, { plan, until: second(6) }).said.slice(0, 2)).toEqual([
      'offline false true false 1',
      'online true 1',
    ]);
  });

  test('that is hidden for long has a turn for its timers once a minute', () => {
    const script = `setInterval(() => console.log(Math.round(performance.now() / 1000)), 10_000);`;
    const plan = [
      { kind: 'throttle', target: 'c1', at: second(5), lasts: seconds(400), intensiveAfter: seconds(60) },
    ] as const;
    const { said } = inPage(script, { plan, until: second(240) });
    const times = said.map(Number);
    expect(times.filter((time) => time < 65)).toEqual([10, 20, 30, 40, 50, 60]);
    expect([...new Set(times.filter((time) => time > 70).map((time) => time % 60))]).toEqual([times.at(-1)! % 60]);
    expect(times.filter((time) => time > 70).length).toBeLessThanOrEqual(3);
  });

  test('stores for the others, and tells them of changes only', () => {
    const script = `
      const n = Number(sessionStorage.n ?? 0);
      onstorage = ({ key, oldValue, newValue }) => console.log('stored', key, oldValue, newValue);
      if (localStorage.length > 0) {
        sessionStorage.setItem('own', 'not told');
        localStorage.setItem('a', '1');
        localStorage.setItem('a', '2');
        localStorage.removeItem('a');
        localStorage.removeItem('a');
        localStorage.clear();
        localStorage.clear();
      } else localStorage.setItem('a', '1');
    `;
    const plan = [{ kind: 'secondTab', target: 'c1', at: second(2), lasts: seconds(3) }] as const;
    expect(inPage(script, { plan, until: second(6) }).lines.map((line) => line.slice(6))).toEqual([
      'c1 stored a 1 2',
      'c1 stored a 2 null',
    ]);
  });
});
