/** What a page, and the server behind, see of each kind of fault at own code. */
import { describe, expect, test } from 'vitest';
import { dice } from '../../sim/core/dice.ts';
import { catalogued } from '../../sim/faults/catalogue.ts';
import { flawOf } from '../../sim/faults/check.ts';
import { drawPlan } from '../../sim/faults/draw.ts';
import type { Menu } from '../../sim/faults/kind.ts';
import type { Fault } from '../../sim/faults/plan.ts';
import { OWN_CODE_KINDS } from '../../sim/system/faults/catalogue.ts';
import { ms, seconds, us } from '../../src/time.ts';
import { type Given, inPage, second } from './one-page.ts';

/** Opens a socket at these seconds, sends `hello` on each, and says all that it hears. */
const chatting = (...at: readonly number[]): string => `
  const say = (...what) => console.log(...what);
  const open = (name) => {
    const socket = new WebSocket('ws://server/chat');
    socket.onopen = () => { say(name, 'open'); socket.send('hello ' + name); };
    socket.onmessage = ({ data }) => say(name, 'got', data);
    socket.onerror = () => say(name, 'error');
    socket.onclose = ({ code, reason, wasClean }) => say(name, 'close', code, reason || '-', wasClean);
    return socket;
  };
  const names = 'abcdef';
  ${JSON.stringify(at)}.forEach((when, i) => setTimeout(() => { globalThis[names[i]] = open(names[i]); }, when * 1000));
`;
const under = (
  script: string,
  fault: Omit<Fault, 'at' | 'target'> & Partial<Fault>,
  given: Given = {},
): readonly string[] =>
  inPage(script, {
    plan: [{ target: 'c1-server', at: second(1), lasts: seconds(4), ...fault } as Fault],
    until: second(12),
    ...given,
  }).said.filter((line) => !line.startsWith('WebSocket connection to'));
const LINKS = { links: ['c1-server'] };

describe('a proxy that answers upgrades', () => {
  const refused = { kind: 'upgradeRefused', ...LINKS, status: 503, retryAfter: 5, everything: false };

  test('with a status fails those that come meanwhile, and no others', () => {
    const said = under(chatting(0.5, 2, 6), refused);
    expect(said.filter((line) => line.startsWith('a'))).toEqual(['a open', 'a got hello a']);
    expect(said.filter((line) => line.startsWith('b'))).toEqual(['b error', 'b close 1006 - false']);
    expect(said.filter((line) => line.startsWith('c'))).toEqual(['c open', 'c got hello c']);
  });

  test('sends real bytes: status, fields and Retry-After reach a request, if that is refused, too', () => {
    const script = `setTimeout(async () => {
      const answer = await fetch('/token');
      console.log(answer.status, answer.headers.get('retry-after'), answer.headers.get('www-authenticate'));
    }, 2000);`;
    expect(under(script, { ...refused, everything: true })).toEqual(['503 5 null']);
    expect(under(script, { ...refused, status: 401, retryAfter: -1, everything: true })).toEqual(['401 null Bearer']);
    expect(under(script, refused)[0]).toBe('404 null null');
  });

  test('never keeps a client waiting until it goes away', () => {
    const ran = inPage(chatting(2), {
      plan: [{ target: 'c1-server', at: second(1), lasts: seconds(4), ...refused, status: 0 }],
      until: second(12),
    });
    expect(ran.lines.filter((line) => line.includes(' a '))).toEqual([
      expect.stringMatching(/^5\.\d+ c1 a error$/),
      expect.stringMatching(/^5\.\d+ c1 a close 1006 - false$/),
    ]);
  });
});

describe('a proxy that closes WebSockets', () => {
  const closes = { kind: 'closedWith', ...LINKS, code: 4401, after: ms(300) };

  test('does so with its code as soon as they are open, at the first message, or later', () => {
    expect(under(chatting(2), { ...closes, when: 'open' })).toEqual(['a open', 'a close 4401 - true']);
    expect(under(chatting(2), { ...closes, when: 'message' })).toEqual(['a open', 'a close 4401 - true']);
    expect(under(chatting(2), { ...closes, when: 'later' })).toEqual(['a open', 'a close 4401 - true']);
    const times = (when: string): number => {
      const plan = [{ target: 'c1-server', at: second(1), lasts: seconds(4), ...closes, when }] as Fault[];
      const at = inPage(chatting(2), { plan, until: second(12) }).lines.find((line) => line.includes('close'));
      return Number(at?.split(' ')[0]);
    };
    expect(times('later') - times('open')).toBeCloseTo(0.3, 1);
    expect(times('message')).toBeGreaterThan(times('open'));
  });

  test('of those that are there ends each behind a message of its server, in good order', () => {
    const script = `${chatting(0.5)} setTimeout(() => a.send('again'), 2000);`;
    expect(under(script, { ...closes, when: 'between' })).toEqual([
      'a open',
      'a got hello a',
      'server closed 1006  false',
      'a got again',
      'a close 4401 - true',
    ]);
  });
});

test('a peer that accepts and ends at once does so to all that come meanwhile', () => {
  for (const how of ['fin', 'rst']) {
    const said = under(chatting(0.5, 2, 3, 6), { kind: 'slammed', ...LINKS, how });
    for (const name of ['b', 'c'])
      expect(said.filter((line) => line.startsWith(name))).toEqual([`${name} error`, `${name} close 1006 - false`]);
    for (const name of ['a', 'd'])
      expect(said.filter((line) => line.startsWith(name))).toEqual([`${name} open`, `${name} got hello ${name}`]);
  }
});

describe('a write that is cut in the middle', () => {
  const cut = { kind: 'cutFrame', write: 0, share: 500, way: 'down', how: 'reset' };
  const script = `${chatting(0.5)} setTimeout(() => a.send('a longer message'), 2000); setTimeout(() => a.send('more'), 3000);`;
  const usual = ['a open', 'a got hello a'];

  test('to a client brings it no message, and the end', () => {
    for (const how of ['reset', 'end']) {
      const said = under(script, { ...cut, how });
      expect(said.filter((line) => line.startsWith('a'))).toEqual([...usual, 'a close 1006 - false']);
      expect(said.filter((line) => line.startsWith('server'))).toEqual(['server closed 1006  false']);
    }
  });

  test('of a client brings its server no message, and the end', () => {
    for (const how of ['reset', 'end']) {
      const said = under(script, { ...cut, way: 'up', how });
      expect(said.filter((line) => line.startsWith('a'))).toEqual([...usual, 'a close 1006 - false']);
      expect(said.filter((line) => line.startsWith('server'))).toEqual(['server closed 1006  false']);
    }
  });

  test('in silence leaves both believing, and nothing passes any more', () => {
    for (const way of ['up', 'down'])
      expect(under(script, { ...cut, way, how: 'silence' }).filter((line) => line.startsWith('a'))).toEqual(usual);
  });

  test('strikes one write only, and none after its time', () => {
    const two = `${chatting(0.5, 2, 2.5)}`;
    const said = under(two, cut);
    expect(said.filter((line) => /^[a-c] close/.test(line))).toEqual(['b close 1006 - false']);
    expect(under(`${chatting(0.5, 6)}`, cut).filter((line) => /^[a-c] close/.test(line))).toEqual([]);
  });

  test('strikes at a moment of the handshake: those that there are end, and of the next one the first write is the answer to its upgrade', () => {
    const busy = `${chatting(0.5, 2)} setInterval(() => a.send('more'), 100);`;
    const said = (write: number): readonly string[] =>
      under(busy, { ...cut, write }).filter((line) => /^(a close|b)/.test(line));
    const reset = 'a close 1006 - false';
    expect(said(1)).toEqual([reset, 'b error', 'b close 1006 - false']);
    expect(said(2)).toEqual([reset, 'b open', 'b close 1006 - false']);
    expect(said(3)).toEqual([reset, 'b open', 'b got hello b']);
  });
});

test('a middlebox that drops pings lets all else pass, byte for byte, and pings before and after it', () => {
  const pings: number[] = [];
  const pinging: Given['serves'] = {
    message: (connection, data) => [...connection.ping(), ...connection.send(data)],
  };
  const script = `${chatting(0.5)}
    for (const when of [2, 3, 6]) setTimeout(() => a.send('x'.repeat(when * 100)), when * 1000);
  `;
  const plan = [{ kind: 'pingsDropped', target: 'c1-server', at: second(1), lasts: seconds(4) }] as const;
  const { entries, said } = inPage(script, { serves: pinging, plan, until: second(12) });
  for (const entry of entries)
    if (entry.kind === 'delivered' && entry.node === 'server') {
      const bytes = entry.payload as Uint8Array;
      if (((bytes[0] as number) & 15) === 10) pings.push(Math.floor(entry.at / 1_000_000));
    }
  expect(pings).toEqual([0, 6]);
  expect(said.filter((line) => line.startsWith('a got')).map((line) => line.length)).toEqual([13, 206, 306, 606]);
});

describe('a host', () => {
  test('whose clock jumps tells another time, and its timers do not notice', () => {
    const script = `setInterval(() => console.log(new Date().toISOString().slice(11, 19), Math.round(performance.now() / 1000)), 2000);`;
    const said = under(script, { kind: 'clientClock', target: 'c1', ahead: us(3_600_000_000) }, { until: second(7) });
    expect(said).toEqual(['01:00:02 2', '01:00:04 4', '00:00:06 6']);
  });

  test('whose page was loaded again has the clock that it had', () => {
    const script = `console.log(new Date().toISOString().slice(11, 13)); setTimeout(() => location.reload(), 2000);`;
    expect(
      under(
        script,
        { kind: 'clientClock', target: 'c1', ahead: us(3_600_000_000), at: second(1) },
        { until: second(4.8) },
      ),
    ).toEqual(['00', '01']);
  });

  test('whose loop is slow hears everything late, in order, and loses nothing', () => {
    const script = `${chatting(0.5)}
      let last = 0;
      setTimeout(() => { last = performance.now(); a.send('one'); a.send('two'); }, 2000);
      setTimeout(() => console.log('timer', Math.round(performance.now())), 3000);
    `;
    const lag = { kind: 'slowClient', target: 'c1', by: ms(150) };
    expect(under(script, lag)).toEqual([
      'a open',
      'a got hello a',
      'a got one',
      'a got two',
      'timer 3150',
      'server closed 1001  true',
    ]);
    expect(under(script, { ...lag, kind: 'slowServer', target: 'server' })).toContain('timer 3000');
  });
});

test('runs in which they happen are the same in every mode, and the same again', () => {
  const faults: readonly (Omit<Fault, 'at' | 'target'> & Partial<Fault>)[] = [
    { kind: 'upgradeRefused', ...LINKS, status: 429, retryAfter: 1, everything: false },
    { kind: 'closedWith', ...LINKS, code: 1013, when: 'between', after: ms(1) },
    { kind: 'closedWith', ...LINKS, code: 1013, when: 'later', after: ms(100) },
    { kind: 'slammed', ...LINKS, how: 'rst' },
    { kind: 'cutFrame', write: 0, share: 500, way: 'up', how: 'silence' },
    { kind: 'pingsDropped' },
    { kind: 'slowClient', target: 'c1', by: ms(50) },
  ];
  const script = chatting(0.5, 2, 6);
  for (const fault of faults) {
    const plan = [{ target: 'c1-server', at: second(1), lasts: seconds(4), ...fault } as Fault];
    const digest = (mode: 'sweep' | 'recorded' | 'frozen'): string => inPage(script, { plan, run: { mode } }).digest;
    expect([digest('recorded'), digest('frozen'), digest('sweep')]).toEqual(Array(3).fill(digest('sweep')));
  }
});

describe('a plan', () => {
  const flaw = (fault: object): string | undefined =>
    flawOf([{ at: 0, target: 'c1-server', lasts: 1, ...fault }], catalogued(OWN_CODE_KINDS))?.field;

  test('drawn of these kinds is sound, whatever the seed', () => {
    const menu = {
      kinds: OWN_CODE_KINDS.map(({ name }) => name),
      count: [8, 8],
      from: 0,
      until: 1_000_000,
      lasts: [1000, 1_000_000],
      links: ['c1-lb', 'c2-lb'],
      clients: ['c1', 'c2'],
      servers: ['s1'],
    } as unknown as Menu;
    const faults = catalogued(OWN_CODE_KINDS);
    const seen = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const plan = drawPlan({ dice: dice(String(seed)), faults }, menu);
      expect(flawOf(plan, faults)).toBeNull();
      for (const { kind } of plan) seen.add(kind);
    }
    expect([...seen].sort()).toEqual([...menu.kinds].sort());
  });

  test('written by hand is refused where a parameter is none', () => {
    expect(flaw({ kind: 'upgradeRefused', links: [], status: 401, retryAfter: -1, everything: false })).toBe(
      'plan[0].links',
    );
    expect(flaw({ kind: 'upgradeRefused', ...LINKS, status: 700, retryAfter: -1, everything: false })).toBe(
      'plan[0].status',
    );
    expect(flaw({ kind: 'closedWith', ...LINKS, code: 999, when: 'open', after: 0 })).toBe('plan[0].code');
    expect(flaw({ kind: 'slammed', ...LINKS, how: 'gently' })).toBe('plan[0].how');
    expect(flaw({ kind: 'cutFrame', write: 0, way: 'up', share: 1001, how: 'reset' })).toBe('plan[0].share');
    expect(flaw({ kind: 'slowClient', by: 0 })).toBe('plan[0].by');
    expect(flaw({ kind: 'pingsDropped' })).toBeUndefined();
  });
});
