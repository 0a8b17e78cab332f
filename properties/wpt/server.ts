/** What servers of web-platform-tests do (`websockets/handlers`), as far as tests of a page need them here. */
import type { Request, ServerConnection, ServerSaid } from '../../src/http/endpoint.ts';
import { fieldOf } from '../../src/http/fields.ts';
import { closeFrame } from '../../src/http/frame-writer.ts';
import { bytesOf, joined } from '../../src/http/latin1.ts';
import { acceptOf } from '../../src/http/upgrade.ts';
import { seconds } from '../../src/time.ts';
import type { Serves } from '../system/one-page.ts';

type Later = Parameters<NonNullable<Serves['request']>>[2];

/** Says one thing once it is open, and closes. */
const says =
  (what: (request: Request, protocols: readonly string[]) => string): NonNullable<Serves['upgrade']> =>
  (connection, request, protocols) => [
    ...connection.accept(),
    ...connection.send(what(request, protocols)),
    ...connection.close(1000, ''),
  ];

const queryOf = ({ target }: Request): string => target.split('?')[1] ?? '';
const accepts: NonNullable<Serves['upgrade']> = (connection) => connection.accept();
const sleeps =
  (time: number, closes: boolean): NonNullable<Serves['upgrade']> =>
  (connection, _request, _protocols, later) => {
    later(seconds(time), () => [...connection.accept(), ...(closes ? connection.close(1000, '') : [])]);
    return [];
  };

/** By the last part of a path. */
const HANDLERS: Readonly<Record<string, NonNullable<Serves['upgrade']>>> = {
  echo: (connection, _request, protocols) =>
    connection.accept(protocols.includes('echo') ? { protocol: 'echo' } : undefined),
  'echo-query': says(queryOf),
  'echo-query_v13': says(queryOf),
  echo_close_data: accepts,
  echo_raw: accepts,
  echo_exit: accepts,
  'empty-message': accepts,
  'receive-many-with-backpressure': accepts,
  'delayed-passive-close': accepts,
  handshake_no_extensions: (connection) => [...connection.accept(), ...connection.close(1000, '')],
  handshake_no_protocol: (connection) => [...connection.accept(), ...connection.close(1000, '')],
  handshake_protocol: (connection) => connection.accept({ protocol: 'foobar' }),
  handshake_sleep_2: sleeps(2, true),
  sleep_10_v13: sleeps(10, false),
  invalid: () => [{ type: 'write', bytes: bytesOf('FOO BAR BAZ\r\n\r\n') }],
  origin: says(({ fields }) => fieldOf(fields, 'origin') ?? ''),
  referrer: says(({ fields }) => fieldOf(fields, 'referer') ?? 'MISSING AS PER FETCH'),
  'echo-cookie': says(({ fields }) => fieldOf(fields, 'cookie') ?? '(none)'),
  protocol: (connection, request) => {
    const protocol = fieldOf(request.fields, 'sec-websocket-protocol') ?? '';
    return [...connection.accept({ protocol }), ...connection.send(protocol), ...connection.close(1000, '')];
  },
  protocol_array: (connection, request) => {
    const [protocol = ''] = (fieldOf(request.fields, 'sec-websocket-protocol') ?? '').split(',', 1);
    return [...connection.accept({ protocol }), ...connection.send(protocol), ...connection.close(1000, '')];
  },
  'remote-close': (connection, request) => {
    const query = new URLSearchParams(queryOf(request));
    const accepted = connection.accept();
    if (query.has('abrupt')) return [...accepted, ...connection.ping(bytesOf('ping')), ...connection.terminate('fin')];
    return [...accepted, ...connection.close(Number(query.get('code') ?? 0), query.get('reason') ?? '')];
  },
  simple_handshake: (_connection, { fields }) => {
    const accept = acceptOf(fieldOf(fields, 'sec-websocket-key') ?? '');
    const head = `HTTP/1.1 101 Switching Protocols:\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
    return [{ type: 'write', bytes: joined(bytesOf(head), closeFrame(1001, 'PASS', null)) }, { type: 'end' }];
  },
  wrong_accept_key: () => [
    {
      type: 'write',
      bytes: bytesOf(
        'HTTP/1.1 101 Switching Protocols:\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Accept: XXXXthisiswrongXXXX\r\n\r\n',
      ),
    },
  ],
};

export function serverOfTests(): Serves {
  const places = new WeakMap<ServerConnection, string>();
  return {
    upgrade(connection, request, protocols, later) {
      const place = request.target.replace(/\?.*/s, '').split('/').at(-1) ?? '';
      places.set(connection, place);
      const handler = HANDLERS[place];
      if (handler === undefined) return connection.respond({ status: 404 });
      return handler(connection, request, protocols, later);
    },
    message(connection, data) {
      const place = places.get(connection);
      if (place === 'empty-message') return replies(connection, data === '' ? 'pass' : 'fail');
      if (place === 'receive-many-with-backpressure') return connection.send(String(data.length));
      const isGoodbye = data === 'Goodbye';
      if (place === 'echo_raw') return [{ type: 'write', bytes: data as Uint8Array }];
      if (place === 'echo_exit' || place === 'echo_close_data') return isGoodbye ? connection.close(1000, '') : [];
      return isGoodbye ? replies(connection, data) : connection.send(data);
    },
    request: (connection, request, later: Later) => answers(connection, request, later),
  };
}

const replies = (connection: ServerConnection, data: string | Uint8Array): readonly ServerSaid[] => [
  ...connection.send(data),
  ...connection.close(1000, ''),
];

const answers = (connection: ServerConnection, _request: Request, _later: Later): readonly ServerSaid[] =>
  connection.respond({ status: 404 });
