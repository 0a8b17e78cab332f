/** Whole exchanges between endpoints, whatever pieces their bytes come in: what either side hears is the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { webSocketClient } from '../../src/http/client.ts';
import type { ClientSaid, MessageData, RequestSaid, ServerSaid } from '../../src/http/endpoint.ts';
import { bytesOf } from '../../src/http/latin1.ts';
import { httpRequest } from '../../src/http/request.ts';
import { serverConnection } from '../../src/http/server.ts';

type Said = ClientSaid | ServerSaid | RequestSaid;
/** Sizes of the pieces, used in turn. */
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
const message: fc.Arbitrary<MessageData> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(...[125, 126, 300].map((size) => 'x'.repeat(size))),
);

interface End {
  received(bytes: Uint8Array): readonly Said[];
  ended(clean: boolean, why: string): readonly Said[];
}

/** Two endpoints on a pipe; each says what it hears, and what its user does about that. */
class Pipe {
  readonly heard: [Said[], Said[]] = [[], []];
  readonly #ends: readonly [End, End];
  readonly #cuts: readonly number[];
  readonly #flow: [number[], number[]] = [[], []];
  readonly #over: [boolean, boolean] = [false, false];
  #cut = 0;

  constructor(ends: readonly [End, End], sizes: readonly number[]) {
    this.#ends = ends;
    this.#cuts = sizes;
  }

  /** What an end says: bytes go to the other. */
  say(end: 0 | 1, said: readonly Said[]): void {
    for (const each of said)
      if (each.type === 'write') this.#flow[end].push(...each.bytes);
      else if (each.type === 'end' || each.type === 'terminate') this.#over[end] = true;
      else if (each.type !== 'wait' && each.type !== 'drain') this.heard[end].push(each);
  }

  /** Passes pieces to and fro until none is left; `react` is asked after each. */
  run(react: () => void): void {
    const told: [boolean, boolean] = [false, false];
    for (let moved = true; moved; ) {
      moved = false;
      for (const from of [0, 1] as const) {
        const to = from === 0 ? 1 : 0;
        const flow = this.#flow[from];
        if (flow.length > 0) {
          const size = this.#cuts[this.#cut++ % this.#cuts.length] as number;
          this.say(to, this.#ends[to].received(Uint8Array.from(flow.splice(0, size))));
        } else if (this.#over[from] && !told[to]) {
          told[to] = true;
          this.#over[to] = true;
          this.say(to, this.#ends[to].ended(true, ''));
        } else continue;
        moved = true;
        react();
      }
    }
  }
}

let drawn = 1;
const draw = (): number => {
  drawn = Math.imul(drawn, 1_103_515_245) + 12_345;
  return drawn >>> 0;
};

describe('in any pieces', () => {
  test('a WebSocket is opened, says what is said in whatever fragments, and is closed by either side', () => {
    const fragment = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3 });
    fc.assert(
      fc.property(
        cuts,
        fc.array(message, { maxLength: 5 }),
        fc.array(fc.tuple(message, fragment), { maxLength: 5 }),
        fc.boolean(),
        fc.constantFrom([1000, ''], [4001, 'ä bye'], [0, '']),
        (sizes, up, down, byClient, [code, reason]) => {
          const client = webSocketClient({ url: 'ws://x/y?z', protocols: ['a', 'b'], origin: 'http://x', draw });
          const server = serverConnection();
          const pipe = new Pipe([client, server], sizes);
          client.begin();
          pipe.say(0, client.connected());
          let [accepted, begun, closed] = [false, false, false];
          const count = (end: 0 | 1): number => pipe.heard[end].filter(({ type }) => type === 'message').length;
          pipe.run(() => {
            if (!accepted && pipe.heard[1].length > 0) {
              accepted = true;
              pipe.say(1, server.accept({ protocol: 'b' }));
              for (const [data, pieces] of down) {
                pipe.say(1, server.send(data, pieces));
                pipe.say(1, server.ping());
              }
            }
            if (!begun && pipe.heard[0].some(({ type }) => type === 'opened')) {
              begun = true;
              for (const data of up) pipe.say(0, client.send(data));
            }
            if (closed || !begun || count(0) < down.length || count(1) < up.length) return;
            closed = true;
            if (byClient) pipe.say(0, client.close(code as number, reason as string));
            else pipe.say(1, server.close(code as number, reason as string));
          });
          const said = code === 0 ? 1005 : code;
          const end = { type: 'closed', code: said, reason, clean: true, failed: false, status: 101, why: '' };
          const closing = { type: 'closing', code: said, reason };
          expect(pipe.heard[0]).toEqual([
            { type: 'opened', protocol: 'b' },
            ...down.map(([data]) => ({ type: 'message', data })),
            ...(byClient ? [] : [closing]),
            end,
          ]);
          expect(pipe.heard[1].filter(({ type }) => type !== 'pong')).toEqual([
            expect.objectContaining({ type: 'upgrade', target: '/y?z', protocols: ['a', 'b'], origin: 'http://x' }),
            ...up.map((data) => ({ type: 'message', data })),
            ...(byClient ? [closing] : []),
            end,
          ]);
          // Who has said that it closes answers no ping.
          const pongs = pipe.heard[1].filter(({ type }) => type === 'pong');
          if (!byClient) expect(pongs).toHaveLength(down.length);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('requests that are sent one behind the other are told one by one, and answered in order', () => {
    const one = fc.record({ method: fc.constantFrom('GET', 'POST'), body: fc.uint8Array({ maxLength: 30 }) });
    fc.assert(
      fc.property(cuts, fc.array(one, { minLength: 1, maxLength: 4 }), (sizes, all) => {
        const server = serverConnection();
        const bytes = all.flatMap(({ method, body }, place) => {
          const asked = httpRequest({ method, url: `http://x/${place}`, body });
          const [said] = asked.connected();
          return said?.type === 'write' ? [...said.bytes] : [];
        });
        const heard: unknown[] = [];
        const written: number[] = [];
        const take = (said: readonly ServerSaid[]): void => {
          for (const each of said)
            if (each.type === 'write') written.push(...each.bytes);
            else if (each.type === 'request') {
              heard.push([each.method, each.target, each.body]);
              take(server.respond({ status: 200, body: Uint8Array.from(each.body).reverse() }));
            }
        };
        for (let at = 0, cut = 0; at < bytes.length; cut++) {
          const size = sizes[cut % sizes.length] as number;
          take(server.received(Uint8Array.from(bytes.slice(at, at + size))));
          at += size;
        }
        expect(heard).toEqual(all.map(({ method, body }, place) => [method, `/${place}`, body]));
        // And their answers, read one after the other.
        let rest = Uint8Array.from(written);
        for (const { body } of all) {
          const expected = String.fromCharCode(...Uint8Array.from(body).reverse());
          const text = String.fromCharCode(...rest);
          const from = text.indexOf('\r\n\r\n') + 4;
          expect(text.slice(from, from + body.length)).toBe(expected);
          rest = rest.slice(from + body.length);
        }
        expect(rest).toHaveLength(0);
      }),
      { numRuns: 100 },
    );
  });

  test('of any bytes at all no endpoint throws, and how they are cut says nothing', () => {
    const LINES = [
      ...[
        'HTTP/1.1 101 X\r\n',
        'HTTP/1.1 200 OK\r\n',
        'GET / HTTP/1.1\r\n',
        'Host: x\r\n',
        '\r\n',
        '5\r\nhello\r\n',
        '0\r\n',
      ],
      ...[
        'Content-Length: 5\r\n',
        'Transfer-Encoding: chunked\r\n',
        'Connection: Upgrade\r\n',
        'Upgrade: websocket\r\n',
        '\n',
        ' ',
      ],
    ];
    const bytes = fc
      .array(fc.oneof(fc.constantFrom(...LINES.map(bytesOf)), fc.uint8Array({ maxLength: 6 })), { maxLength: 10 })
      .map((parts) => Uint8Array.from(parts.flatMap((each) => [...each])));
    const play = (which: number, pieces: readonly Uint8Array[]): readonly Said[] => {
      const asked = httpRequest({ method: 'GET', url: 'http://x/' });
      const client = webSocketClient({ url: 'ws://x/', draw: () => 7 });
      client.begin();
      client.connected();
      asked.connected();
      const end: End = [serverConnection(), client, asked][which] as End;
      return [...pieces.flatMap((piece) => end.received(piece)), ...end.ended(true, '')];
    };
    fc.assert(
      fc.property(fc.nat(2), bytes, cuts, (which, all, sizes) => {
        const pieces: Uint8Array[] = [];
        for (let at = 0, cut = 0; at < all.length; cut++) {
          const size = sizes[cut % sizes.length] as number;
          pieces.push(all.subarray(at, at + size));
          at += size;
        }
        const said = play(which, pieces);
        expect(said).toEqual(play(which, [all]));
        const last = said.at(-1);
        if (last !== undefined && 'why' in last && said.some(({ type }) => type === 'terminate'))
          expect(last.why).not.toBe('');
      }),
      { numRuns: 1_500 },
    );
  });
});
