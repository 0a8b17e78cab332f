/** What a page sees of requests: `fetch` and XMLHttpRequest, with bodies that are small and whole. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bundle } from '../../sim/realm/bundle.ts';
import type { Request, Response, ServerConnection } from '../../src/http/endpoint.ts';
import { type Field, fieldOf } from '../../src/http/fields.ts';
import { bytesOf } from '../../src/http/latin1.ts';
import { utf8 } from '../../src/http/utf8.ts';
import { ms, seconds } from '../../src/time.ts';
import { type Given, inPage, type Serves, second } from './one-page.ts';

const answers = (response: Omit<Response, 'body'> & { body?: string }): Response => ({
  ...response,
  body: utf8(response.body ?? ''),
});

/** How often somebody was sent in a circle. */
let rounds = 0;

/** A server of small things. */
const serves: Serves = {
  request(connection, request, later) {
    const { target, method } = request;
    const say = (response: Parameters<typeof answers>[0]): ReturnType<ServerConnection['respond']> =>
      connection.respond(answers(response));
    const [, place = '', rest = ''] = target.split('/');
    switch (place) {
      case 'text': {
        const fields: readonly Field[] = [
          ['Content-Type', 'text/plain'],
          ['X-B', '2'],
          ['X-A', '1'],
          ['X-A', '3'],
          ['Set-Cookie', 'a=b'],
        ];
        if (method === 'GET') return say({ status: 200, fields, body: 'hello é' });
        const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
        return [{ type: 'write', bytes: bytesOf(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`) }];
      }
      case 'json':
        return say({ status: 200, fields: [['Content-Type', 'application/json']], body: '{"a":1}' });
      case 'empty':
        return say({ status: 200 });
      case 'status':
      case '204':
      case '404':
        return say({ status: Number(place === 'status' ? rest : place), body: place === '404' ? 'no' : '' });
      case 'redirect':
        return say({ status: Number(rest), fields: [['Location', '/echo']] });
      case 'away':
        return say({ status: 302, fields: [['Location', 'mailto:x']] });
      case 'nowhere':
        return say({ status: 302, body: 'stay' });
      case 'round':
        rounds++;
        return say({ status: 302, fields: [['Location', '/round']] });
      case 'echo':
        return say({ status: 200, body: JSON.stringify(echo(request)) });
      case 'slow':
        later(seconds(1), () => say({ status: 200, body: 'slow' }));
        return [];
      case 'cut':
        return [{ type: 'end' }];
      case 'reset':
        return [{ type: 'terminate', how: 'rst' }];
      case 'cuthead':
        return [{ type: 'write', bytes: bytesOf('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n') }, { type: 'end' }];
      case 'cutbody':
        later(ms(50), () => [{ type: 'end' }]);
        return [{ type: 'write', bytes: bytesOf('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel') }];
      case 'garbage':
        return [{ type: 'write', bytes: bytesOf('SSH-2.0-OpenSSH\r\n\r\n') }];
      case 'toend':
        return [{ type: 'write', bytes: bytesOf('HTTP/1.1 200 OK\r\n\r\nall of it') }, { type: 'end' }];
      case 'chunked':
        return [
          {
            type: 'write',
            bytes: bytesOf('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n'),
          },
        ];
      default:
        return say({ status: 404 });
    }
  },
};

function echo({ method, fields, body }: Request): readonly (string | null)[] {
  const text = new TextDecoder().decode(body);
  return [
    method,
    ...['content-type', 'content-length'].map((name) => fieldOf(fields, name)),
    text,
    fieldOf(fields, 'x-mine'),
  ];
}

/** What a script said, the same in whatever pieces bytes arrive. */
function heard(script: string, given: Given = {}): readonly string[] {
  const whole = `const say = (...words) => console.log(words.map((it) => typeof it === 'string' ? it : JSON.stringify(it)).join(' '));
    const tried = async (what, run) => { try { say(what, await run()) } catch (error) { say(what, 'rejects', error.name) } };
    (async () => { ${script} })();`;
  const runs = [1, 2, 3].map((seed) => inPage(whole, { serves, ...given, seed }).said);
  for (const said of runs) expect(said).toEqual(runs[0]);
  return runs[0] as readonly string[];
}
const ofPage = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.startsWith('server '));

describe('fetch', () => {
  test('resolves with all that a response says of itself, and its body is read once', () => {
    const lines = heard(`
      const response = await fetch('/json#part', { headers: { Accept: 'application/json' } });
      say(response.status, response.ok, response.statusText, response.type, response.url, response.redirected);
      say(response.headers.get('content-type'), response.headers.has('none'), response.bodyUsed);
      const copy = response.clone();
      say(await response.json(), response.bodyUsed, await copy.text());
      await tried('twice', () => response.text());
      const many = await fetch('/text');
      say(many.headers.get('X-A'), await many.text());`);
    expect(ofPage(lines)).toEqual([
      '200 true OK basic http://server/json false',
      'application/json false false',
      '{"a":1} true {"a":1}',
      'twice rejects TypeError',
      '1, 3 hello é',
    ]);
  });

  test('has each status for an answer, and none for an error', () => {
    const lines = heard(`
      for (const status of [200, 201, 204, 304, 400, 401, 403, 404, 429, 500, 502, 503]) {
        const response = await fetch('/status/' + status);
        say(status, response.status === status, response.ok, await response.text() === '');
      }`);
    expect(ofPage(lines)).toEqual(
      [200, 201, 204, 304, 400, 401, 403, 404, 429, 500, 502, 503].map(
        (status) => `${status} true ${status < 300} true`,
      ),
    );
  });

  test('sends methods and bodies as a browser does', () => {
    const lines = heard(`
      const sent = async (method, body, headers) => say(await (await fetch('/echo', { method, body, headers })).json());
      await sent('POST', 'téxt');
      await sent('post', '{}', { 'Content-Type': 'application/json' });
      await sent('POST', new URLSearchParams({ a: 'b c' }));
      await sent('POST', new Uint8Array([65, 66]));
      await sent('POST', new Blob(['x'], { type: 'a/b' }));
      await sent('POST');
      await sent('PUT', '');
      await sent('DELETE');
      await sent('patch', 'p', [['X-Mine', '1'], ['x-mine', '2']]);
      for (const init of [{ body: 'x' }, { method: 'B AD' }, { method: 'CONNECT' }, { headers: { 'a b': 'c' } }])
        await tried(Object.keys(init)[0], () => fetch('/echo', init));`);
    expect(ofPage(lines)).toEqual([
      '["POST","text/plain;charset=UTF-8","5","téxt",null]',
      '["POST","application/json","2","{}",null]',
      '["POST","application/x-www-form-urlencoded;charset=UTF-8","5","a=b+c",null]',
      '["POST",null,"2","AB",null]',
      '["POST","a/b","1","x",null]',
      '["POST",null,"0","",null]',
      '["PUT","text/plain;charset=UTF-8","0","",null]',
      '["DELETE",null,null,"",null]',
      '["patch","text/plain;charset=UTF-8","1","p","1, 2"]',
      'body rejects TypeError',
      'method rejects TypeError',
      'method rejects TypeError',
      'headers rejects TypeError',
    ]);
  });

  test('follows redirects, twenty at most, and makes GET of POST where a browser does', () => {
    rounds = 0;
    const lines = heard(`
      for (const status of [301, 302, 303, 307, 308]) {
        const response = await fetch('/redirect/' + status, { method: 'POST', body: 'b' });
        say(status, response.redirected, response.url, await response.json());
      }
      await tried('error', () => fetch('/redirect/302', { redirect: 'error' }));
      const manual = await fetch('/redirect/302', { redirect: 'manual' });
      say(manual.status, manual.ok, manual.statusText, manual.redirected, manual.type, [...manual.headers].length, await manual.text());
      const stays = await fetch('/nowhere');
      say(stays.status, await stays.text());
      await tried('away', () => fetch('/away'));
      await tried('for ever', () => fetch('/round'));`);
    const asGet = '["GET",null,null,"",null]';
    const asPost = '["POST","text/plain;charset=UTF-8","1","b",null]';
    expect(ofPage(lines)).toEqual([
      ...[301, 302, 303].map((status) => `${status} true http://server/echo ${asGet}`),
      ...[307, 308].map((status) => `${status} true http://server/echo ${asPost}`),
      'error rejects TypeError',
      '0 false  false opaqueredirect 0 ',
      '302 stay',
      'away rejects TypeError',
      'for ever rejects TypeError',
    ]);
    // Three seeds.
    expect(rounds).toBe(3 * 21);
  });

  test('rejects with a TypeError where no whole answer comes, and takes what a browser takes for whole', () => {
    const lines = heard(`
      for (const place of ['cut', 'reset', 'cutbody', 'garbage']) await tried(place, () => fetch('/' + place));
      for (const place of ['cuthead', 'toend', 'chunked']) {
        const response = await fetch('/' + place);
        say(place, response.status, await response.text());
      }
      await tried('no URL', () => fetch('http://'));
      await tried('another scheme', () => fetch('nonsense://x/'));`);
    expect(ofPage(lines)).toEqual([
      'cut rejects TypeError',
      'reset rejects TypeError',
      'cutbody rejects TypeError',
      'garbage rejects TypeError',
      'cuthead 200 ',
      'toend 200 all of it',
      'chunked 200 one two',
      'no URL rejects TypeError',
      'another scheme rejects TypeError',
    ]);
  });

  test('rejects with a TypeError where nobody listens', () => {
    const lines = heard(
      `await new Promise((then) => setTimeout(then, 100));
       await tried('refused', () => fetch('/json'));`,
      {
        plan: [{ kind: 'crash', target: 'server', at: second(0), lasts: seconds(5), how: 'process' }],
        until: second(1),
      },
    );
    expect(ofPage(lines)).toEqual(['refused rejects TypeError']);
  });

  test('that is aborted rejects with the reason, and its server sees the end of the connection', () => {
    const lines = heard(`
      await tried('before', () => fetch('/json', { signal: AbortSignal.abort() }));
      await tried('with a reason', () => fetch('/json', { signal: AbortSignal.abort(new RangeError('mine')) }));
      const controller = new AbortController();
      setTimeout(() => { controller.abort(); say('aborted') }, 100);
      await tried('during', () => fetch('/slow', { signal: controller.signal }));
      await new Promise((then) => setTimeout(then, 200));
      await tried('timed out', () => fetch('/slow', { signal: AbortSignal.timeout(100) }));
      await new Promise((then) => setTimeout(then, 200));
      const late = new AbortController();
      const response = await fetch('/json', { signal: late.signal });
      late.abort();
      say('after', await response.text());`);
    expect(lines.slice(0, 8)).toEqual([
      'before rejects AbortError',
      'with a reason rejects RangeError',
      'aborted',
      'during rejects AbortError',
      'server gave up',
      'timed out rejects TimeoutError',
      'server gave up',
      'after {"a":1}',
    ]);
  });

  test('waits while its tab is frozen, and is answered in a turn of its own', () => {
    const lines = heard(
      `fetch('/slow').then(() => { say('answered', Math.round(performance.now() / 1000)); queueMicrotask(() => say('microtask')) });
       setTimeout(() => say('timer'), 900);`,
      { plan: [{ kind: 'suspend', target: 'c1', at: second(0.5), lasts: seconds(4) }] as never },
    );
    expect(ofPage(lines)).toEqual(['answered 5', 'microtask', 'timer']);
  });
});

describe('XMLHttpRequest', () => {
  const recorded = (file: string): string => readFileSync(new URL(`recorded/${file}`, import.meta.url), 'utf8');

  test('tells what Chromium tells, event by event', () => {
    const lines = heard(recorded('xhr.page.js'), { until: second(60) });
    const expected = recorded('xhr.chromium.txt').trimEnd().replaceAll('HOST', 'server').split('\n');
    // What only its console says; and its timers run between the last states, because it is told of each in a task of its own.
    const rest = (all: readonly string[]): readonly string[] => all.filter((line) => !/^timer |^Refused to/.test(line));
    expect(rest(ofPage(lines).join('\n').split('\n'))).toEqual(rest(expected));
    expect(lines).toContain('Refused to set unsafe header "Cookie"');
  });

  test('is not offered synchronously, or with a user', () => {
    const lines = heard(`
      const open = (...args) => { try { new XMLHttpRequest().open(...args) } catch (error) { say(error.message) } };
      open('GET', '/', false);
      open('GET', '/', true, 'user');`);
    expect(lines).toEqual([
      'hangup: a synchronous XMLHttpRequest is not offered here: a page would stand still until it is answered',
      'hangup: an XMLHttpRequest with a user or a password is not offered here: servers are not asked for credentials',
    ]);
  });

  test('carries socket.io, which polls with it and stays there', () => {
    // An engine.io server in short: a handshake, packets that wait for the next poll, one poll that waits for packets.
    const packets: string[] = [];
    const posted: string[] = [];
    const socketIo: Serves = {
      request(connection, { target, method, body }, later) {
        const say = (text: string): ReturnType<ServerConnection['respond']> =>
          connection.respond(
            answers({ status: 200, fields: [['Content-Type', 'text/plain; charset=UTF-8']], body: text }),
          );
        const push = (packet: string): void => void packets.push(packet);
        if (!target.includes('sid='))
          return say('0{"sid":"a","upgrades":[],"pingInterval":5000,"pingTimeout":4000,"maxPayload":1000000}');
        if (method === 'POST') {
          const text = new TextDecoder().decode(body);
          posted.push(text);
          if (text === '40') push('40{"sid":"b"}');
          if (text.startsWith('42["hello"')) push('42["welcome","ä",1]');
          return say('ok');
        }
        later(ms(300), () => say(packets.splice(0).join('\x1e') || '2'));
        return [];
      },
    };
    const file = fileURLToPath(new URL('programs/socket-io.page.js', import.meta.url));
    const { said } = inPage(bundle(file, 'browser'), { serves: socketIo, until: second(4) });
    expect(said.filter((line) => !line.startsWith('server '))).toEqual([
      'connected polling true',
      'welcome ä 1',
      'disconnected io client disconnect',
    ]);
    expect(posted.slice(0, 2)).toEqual(['40', '42["hello","wörld"]']);
    expect(posted).toContain('3');
  });
});
