/** What the kernel knows of this process: its sockets by their handles, its servers by their ports, and what it tells each. */
import { life } from '../life.ts';
import type { Server } from './server.ts';
import type { Socket } from './socket.ts';

export const sockets = new Map<number, Socket>();
export const servers = new Map<number, Server>();

/** What the kernel brings. */
export const kernel = {
  connection(handle: number, port: number, from: string): void {
    const server = servers.get(port);
    if (server === undefined) life.host.destroy(handle, true);
    else life.task(() => server.accept(handle, port, from));
  },
  connected: (handle: number): void => told(handle, (socket) => socket.opened()),
  data: (handle: number, bytes: Uint8Array): void => told(handle, (socket) => socket.took(bytes)),
  drained: (handle: number): void => told(handle, (socket) => socket.emptied()),
  ended: (handle: number): void => told(handle, (socket) => socket.finished()),
  closed: (handle: number, error: string): void => told(handle, (socket) => socket.lost(error || 'ECONNRESET')),
};

function told(handle: number, run: (socket: Socket) => void): void {
  const socket = sockets.get(handle);
  if (socket !== undefined) socket.inFrame(() => run(socket));
}

/** What of it is still there, in words. */
export const held = (): string[] => [
  ...[...sockets.values()].map(({ name }) => name),
  ...[...servers.keys()].map((port) => `a server on port ${port}`),
];
