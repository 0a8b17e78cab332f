/**
 * What stands between clients and server on this machine: forwards bytes, and does to connections what a network does.
 * Userland TCP: a connection that stands still keeps its bytes in the kernel's buffers, as a path that heals does.
 */

import { connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly number: number;
  readonly down: Socket;
  readonly up: Socket;
  /** Nothing is forwarded any more; `deaf`: nothing from the server. */
  swallow: boolean;
  deaf: boolean;
}

export interface Proxy {
  readonly port: number;
  /** Ends every connection: with FIN on both sides, or with RST. */
  cut(reset: boolean): void;
  /** Nothing passes, nobody is told; `heal` lets it all pass. New connections are accepted and stand still, too. */
  pause(): void;
  heal(): void;
  /** Those that there are stand still for ever (both ends believe in them); new ones pass. */
  halfOpen(): void;
  /** Those that there are: the client's end is reset and new ones pass; the server hears nothing of it. */
  clientGone(): void;
  /** Those that there are: what servers say is lost, what clients say arrives. */
  deaf(): void;
  /** Ends connection `number` (from 1 on) with RST in front of the small frame from the server that begins with `text`. */
  cutBefore(number: number, text: string): void;
  close(): void;
}

export const proxyTo = (target: () => number): Promise<Proxy> =>
  new Promise((resolve) => {
    const pairs = new Set<Pair>();
    let paused = false;
    let count = 0;
    const limits = new Map<number, string>();

    const pump = (pair: Pair): void => {
      for (const side of [pair.down, pair.up]) paused ? side.pause() : side.resume();
    };

    const server: Server = createServer({ allowHalfOpen: true }, (down) => {
      const up = connect({ port: target(), host: '127.0.0.1', allowHalfOpen: true });
      const pair: Pair = { number: ++count, down, up, swallow: false, deaf: false };
      pairs.add(pair);
      down.setNoDelay(true);
      up.setNoDelay(true);
      const gone = (): void => {
        pairs.delete(pair);
      };
      down.on('data', (bytes) => {
        if (!pair.swallow) up.write(bytes);
      });
      up.on('data', (bytes) => {
        if (pair.swallow || pair.deaf) return;
        const limit = limits.get(pair.number);
        // A frame of less than 126 bytes has a header of two.
        const at = limit === undefined ? -1 : bytes.indexOf(limit) - 2;
        if (at >= 0) {
          pair.swallow = true;
          down.write(bytes.subarray(0, at));
          // What was written is on its way before the reset is.
          setTimeout(() => {
            down.resetAndDestroy();
            up.resetAndDestroy();
          }, 50);
          return;
        }
        down.write(bytes);
      });
      down.on('end', () => pair.swallow || up.end());
      up.on('end', () => pair.swallow || down.end());
      down.on('error', () => {});
      up.on('error', () => {});
      down.on('close', (failed) => {
        if (!pair.swallow) failed ? up.resetAndDestroy() : up.destroySoon();
        gone();
      });
      up.on('close', (failed) => {
        if (!pair.swallow) failed ? down.resetAndDestroy() : down.destroySoon();
        gone();
      });
      pump(pair);
    });

    server.listen(0, '127.0.0.1', () => {
      const address = server.address() as { port: number };
      resolve({
        port: address.port,
        cut(reset) {
          for (const { down, up } of pairs)
            for (const side of [down, up]) reset ? side.resetAndDestroy() : side.destroySoon();
        },
        pause() {
          paused = true;
          pairs.forEach(pump);
        },
        heal() {
          paused = false;
          pairs.forEach(pump);
        },
        halfOpen() {
          for (const pair of pairs) pair.swallow = true;
        },
        clientGone() {
          for (const pair of pairs) {
            pair.swallow = true;
            pair.down.resetAndDestroy();
          }
        },
        deaf() {
          for (const pair of pairs) pair.deaf = true;
        },
        cutBefore(number, text) {
          limits.set(number, text);
        },
        close() {
          server.close();
          for (const { down, up } of pairs) {
            down.destroy();
            up.destroy();
          }
        },
      });
    });
  });
