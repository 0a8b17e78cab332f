/** Programs for Node, unmodified, as processes of a simulated world: what they see is what Node shows them. */
import { describe, expect, test } from 'vitest';
import { playReal } from './real.ts';
import { type Options, play } from './stage.ts';

/** What one process said, without the times. */
const saidBy = (lines: readonly string[], id: string): string[] =>
  lines.filter((line) => line.startsWith(`${id} `)).map((line) => line.replace(/^\S+ \S+ /, ''));

/** Two writes of one step may be read in one piece or in two, by a kernel that is busy: TCP promises neither. */
const joined = (lines: readonly string[]): string[] =>
  lines.reduce<string[]>((all, line) => {
    const [, socket = '', data = ''] = /^(#\d+ data )(.*)$/s.exec(line) ?? [];
    const last = all.at(-1) ?? '';
    if (socket !== '' && last.startsWith(socket)) all[all.length - 1] = last + data;
    else all.push(line);
    return all;
  }, []);

/** A seed with which neither process sees writes cut in pieces: Node over a loopback does not either. */
const WHOLE = '10';

const SIGTERM = { type: 'drain' } as const;

describe('programs see in a realm, event by event, what they see in Node over real sockets', () => {
  test.each([
    ['net-server.ts', 'net-client.ts'],
    ['http-server.ts', 'http-client.ts'],
    ['fetch-server.ts', 'fetch-client.ts'],
    ['ws-server.ts', 'ws-client.ts'],
    ['ws-closes-server.ts', 'ws-closes-client.ts'],
    ['graphql-server.ts', 'graphql-client.ts'],
    ['yjs-server.ts', 'yjs-client.ts'],
    ['socketio-server.ts', 'socketio-client.ts'],
    ['socketio-server.ts', 'socketio-polling-client.ts'],
  ])('%s and %s', { concurrent: true }, async (server, client) => {
    const acts: Options['acts'] = [[50_000, (stage) => stage.tell('s1', SIGTERM)]];
    const [real, lines] = [playReal(server, client), play({ server, clients: [client], seed: WHOLE, delay: 1, acts })];
    expect(joined(saidBy(lines, 'c1'))).toEqual(joined((await real).c1));
    expect(joined(saidBy(lines, 's1').filter((line) => line !== 'exited'))).toEqual(joined((await real).s1));
  });
});

describe('a ws server and a ws client', () => {
  const chat = { server: 'ws-server.ts', clients: ['ws-client.ts'] };

  test('talk through a balancer, whatever pieces their bytes come in', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const lines = play({ ...chat, seed: String(seed), proxied: true });
      expect(saidBy(lines, 'c1')).toEqual([
        'open',
        'message one false',
        'message two false',
        'message three false',
        'close 1000 done',
      ]);
      expect(saidBy(lines, 's1')).toEqual(['listening', 'connection /chat?room=1', 'close 1000 done']);
    }
  });

  test('a crash is an end without a word, and a new process begins anew', () => {
    const acts: Options['acts'] = [[300, (stage) => stage.crash('s1', 210)]];
    const lines = play({ ...chat, clients: ['ws-stays.ts'], acts, until: 5000 });
    expect(lines).toEqual([
      's1 0 listening',
      's1 150 connection /stay',
      'c1 200 open',
      'c1 350 close 1006 ',
      'c1 500 error ECONNREFUSED connect ECONNREFUSED server:8080',
      'c1 500 close 1006 ',
      's1 510 listening',
      's1 700 connection /stay',
      'c1 750 open',
    ]);
  });

  test('SIGTERM is heard, its connections are closed, and the process is gone as soon as nothing holds it', () => {
    const acts: Options['acts'] = [[300, (stage) => stage.tell('s1', SIGTERM)]];
    const lines = play({ server: 'ws-closes-server.ts', clients: ['ws-stays.ts'], acts, until: 500 });
    expect(lines.slice(3)).toEqual([
      's1 300 SIGTERM',
      // A server is closed when its last connection is destroyed, which tells of its own end a turn later.
      's1 400 closed',
      's1 400 /stay close 1001  3',
      's1 400 exited',
      'c1 450 close 1001 ',
    ]);
  });

  test('SIGTERM ends a process that does not listen to it at once', () => {
    const acts: Options['acts'] = [[300, (stage) => stage.tell('s1', SIGTERM)]];
    const lines = play({ ...chat, clients: ['ws-stays.ts'], acts, until: 400 });
    expect(lines.slice(3)).toEqual(['s1 300 exited', 'c1 350 close 1006 ']);
  });

  test('two plays of one seed are one play', () => {
    const again = { ...chat, seed: '3', proxied: true };
    expect(play(again)).toEqual(play(again));
  });
});

describe('a socket.io server and client', () => {
  test.each(['socketio-client.ts', 'socketio-polling-client.ts'])('%s talks, by its transports', (client) => {
    const lines = play({ server: 'socketio-server.ts', clients: [client], proxied: true });
    const transport = client.includes('polling') ? 'polling' : 'websocket';
    expect(saidBy(lines, 'c1')).toEqual([
      `open ${transport}`,
      'connect',
      'said hello',
      'disconnect io client disconnect',
    ]);
    expect(saidBy(lines, 's1')).toEqual([
      'listening',
      `connection ${transport}`,
      'disconnect client namespace disconnect',
    ]);
  });
});
