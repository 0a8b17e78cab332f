/** A socket of a Node process, as its kernel has it. */
import type { ConnId } from '../../src/transport.ts';
import type { Handle } from '../realm/host.ts';

export interface KernelSocket {
  readonly handle: Handle;
  readonly conn: ConnId;
  isOpen: boolean;
  /** The other end has heard of it, for sure. */
  isKnown: boolean;
  /** Of a connection of a process to itself: the port that it goes to. */
  port: number;
  /** Whether the process takes what comes; what it does not take waits. */
  reads: boolean;
  readonly waiting: Uint8Array[];
  /** How the other end's stream ended, or the connection; told when all that waits has been read. */
  end: 'fin' | string | null;
  /** Nobody is at the other end any more. */
  isOver: boolean;
  /** The other end, if that is in the same process. */
  mate: KernelSocket | null;
}

const newSocket = (handle: Handle, conn: ConnId): KernelSocket => ({
  handle,
  conn,
  isOpen: false,
  isKnown: false,
  port: 0,
  reads: false,
  waiting: [],
  end: null,
  isOver: false,
  mate: null,
});

/** The sockets of one process: it names them by handles, and the world by connections. */
export class KernelSockets {
  readonly #byHandle = new Map<Handle, KernelSocket>();
  readonly #byConn = new Map<ConnId, KernelSocket>();

  add(handle: Handle, conn: ConnId): KernelSocket {
    const socket = newSocket(handle, conn);
    this.#byHandle.set(handle, socket);
    this.#byConn.set(conn, socket);
    return socket;
  }
  get(handle: Handle): KernelSocket | undefined {
    return this.#byHandle.get(handle);
  }
  of(conn: ConnId): KernelSocket | undefined {
    return this.#byConn.get(conn);
  }
  forget({ handle, conn }: KernelSocket): void {
    this.#byHandle.delete(handle);
    this.#byConn.delete(conn);
  }
}
