/** A WebSocket of a page: between its object in the realm and its connection of raw bytes stands the browser's own client. */

import type { SocketState } from '../../src/history.ts';
import { webSocketClient } from '../../src/http/client.ts';
import type { Ask, ClientSaid } from '../../src/http/endpoint.ts';
import type { Handle } from '../realm/host.ts';
import type { ByteStream } from './byte-stream.ts';
import type { Connection, Surroundings } from './page.ts';
import type { Life } from './process.ts';

export interface PageSocket extends Connection {
  send(data: string | Uint8Array): void;
  close(code: number, reason: string): void;
}

export function pageSocket(
  { life, isFree, later, origin, over, handshakes }: Surroundings,
  stream: ByteStream,
  { handle, url, protocols }: { readonly handle: Handle; readonly url: string; readonly protocols: string },
): PageSocket {
  const { conn } = stream;
  const client = webSocketClient({
    url,
    protocols: protocols === '' ? [] : protocols.split(','),
    origin,
    draw: () => life.random('websocket'),
  });
  let dialled = false;
  const note = (state: SocketState['state'], more: { code?: number; reason?: string; own?: true } = {}): void =>
    life.emit({ type: 'socket', socket: handle, state, url, conn, ...more });

  const hear = (said: Exclude<ClientSaid, Ask>): void => {
    const { port } = life;
    switch (said.type) {
      case 'opened':
        note('open');
        port.wsOpened(handle, said.protocol);
        return;
      case 'message':
        port.wsMessage(handle, said.data);
        return;
      case 'closing':
        note('closing');
        port.wsClosing(handle);
        return;
      case 'sent':
        port.wsSent(handle, said.bytes);
        return;
      case 'closed': {
        const { code, reason, clean, failed, why } = said;
        note('closed', { code, reason });
        if (failed && why !== '') complain(life, url, why);
        over(handle);
        port.wsClosed(handle, code, reason, clean, failed);
        return;
      }
    }
  };
  /** `wanted`: the page asked for it, and is still running. */
  const carryOut = (said: readonly ClientSaid[], wanted: boolean): void => {
    for (const each of said) {
      if (isAsk(each)) {
        // What was never dialled has no connection; its time runs all the same.
        if (dialled || each.type === 'wait') stream.do(each);
        continue;
      }
      if (each.type === 'opened' || each.type === 'closed') handshakes.over(url, conn);
      if (wanted || !isFree()) later(() => hear(each));
      else hear(each);
    }
  };

  note('connecting');
  handshakes.begin(url, conn, () => {
    dialled = true;
    life.emit({ type: 'dial', conn, to: url, over: 'bytes' });
  });
  carryOut(client.begin(), true);
  return {
    stream,
    send: (data) => carryOut(client.send(data), true),
    close(code, reason) {
      note('closing', { own: true });
      carryOut(client.close(code, reason), true);
    },
    connected: () => carryOut(client.connected(), false),
    received: (bytes) => carryOut(client.received(bytes), false),
    kept: (buffered) => carryOut(client.kept(buffered), false),
    overdue: () => carryOut(client.overdue(), false),
    ended: (clean, why) => carryOut(client.ended(clean, why), false),
    leave() {
      // https://websockets.spec.whatwg.org/#interface-definition: "start the closing handshake with 1001", and nobody waits.
      for (const each of client.close(1001, '')) if (dialled && isAsk(each) && each.type !== 'wait') stream.do(each);
      if (dialled) stream.do({ type: 'terminate', how: 'fin' });
      stream.over();
    },
  };
}

/** One that a browser does not even dial. */
export function refuseSocket({ life, later }: Surroundings, handle: Handle, url: string): void {
  later(() => {
    complain(life, url, 'Error in connection establishment: net::ERR_UNSAFE_PORT');
    life.port.wsClosed(handle, 1006, '', false, true);
  });
}

function isAsk(said: ClientSaid): said is Ask {
  switch (said.type) {
    case 'write':
    case 'end':
    case 'terminate':
    case 'wait':
    case 'drain':
      return true;
    default:
      return false;
  }
}

/** What a browser writes into the console of its page. */
const complain = (life: Life, url: string, why: string): void =>
  life.emit({ type: 'console', level: 'error', text: `WebSocket connection to '${url}' failed: ${why}` });
