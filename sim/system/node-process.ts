/**
 * What a kernel does for a Node process: its sockets, over connections of raw bytes, its ports, and its signals.
 *
 * Whatever a process writes in one step leaves at its end; what arrives waits until the process reads. Names are resolved by
 * the world, whose nodes have hosts; a port is only looked at by whoever is dialled, and one that a process does not listen
 * on is answered as if it had asked for the one that it listens on first, because a balancer stands where the port was.
 */
import type { MessageEvent, Probe } from '../../src/post.ts';
import { type Duration, seconds, ZERO } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';
import type { Handle, Host } from '../realm/host.ts';
import { codeOf, type Told } from './kernel-events.ts';
import { type KernelSocket, KernelSockets } from './kernel-socket.ts';
import { isOwn, Loopback } from './loopback.ts';
import { messageDigest } from './message-digest.ts';
import { type Happened, NodeRequests } from './node-requests.ts';
import { Ports } from './ports.ts';
import type { AnyEvent, Life, Platform } from './process.ts';
import { Segments } from './segments.ts';

/** How long a process that is told to go because nobody is there any more may take. */
const GRACE: Duration = seconds(30);

export interface NodeOptions {
  /** Environment variables, besides those that any process has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A kernel for a Node process. */
export const nodeProcess = (life: Life, options: NodeOptions): Platform => new Kernel(life, options);

class Kernel implements Platform {
  readonly host: Partial<Host>;
  readonly local: readonly string[];
  readonly #life: Life;
  readonly #segments: Segments;
  readonly #loopback: Loopback;
  readonly #requests: NodeRequests;
  readonly #sockets = new KernelSockets();
  readonly #ports = new Ports();
  /** Handles of sockets that somebody else dialled: the process names its own, from 1 on. */
  #accepted = 0;
  /** What the world was told of whether anybody listens: a process that begins does, as far as that knows. */
  #listens = true;
  #isGone = false;
  /** Its end is not told yet: what it said last comes before. */
  #isEnding = false;

  constructor(life: Life, { env = {} }: NodeOptions) {
    this.#life = life;
    this.local = Object.entries(env).flat();
    this.#segments = new Segments((purpose) => life.random(purpose));
    this.#loopback = new Loopback(life);
    this.#requests = new NodeRequests(life, this.#segments);
    this.host = {
      ...this.#requests.host,
      hash: messageDigest,
      connect: (handle, host, port) => this.#connect(handle, host, port),
      write: (handle, data) => this.#write(handle, data),
      room: (handle) => this.#room(handle),
      end: (handle) => this.#end(handle),
      destroy: (handle, reset) => this.#destroy(handle, reset),
      read: (handle, on) => this.#read(handle, on),
      listen: (port) => this.#ports.open(port),
      unlisten: (port) => this.#ports.close(port),
      exit: () => this.#exit(),
    };
  }

  // ---- what the world tells

  event(event: AnyEvent): void {
    if (this.#isGone) return;
    const told = event as Told;
    if ('conn' in told && this.#requests.happens(told as unknown as Happened)) return;
    switch (told.type) {
      case 'incoming':
        this.#incoming(told.conn, told.url, told.from);
        return;
      case 'opened':
        this.#opened(told.conn);
        return;
      case 'frame':
        this.#arrived(told.conn, told.payload);
        return;
      case 'drained':
        this.#with(told.conn, ({ handle }) => this.#life.port.drained(handle, told.buffered));
        return;
      case 'ended':
        this.#with(told.conn, (socket) => this.#ended(socket, 'fin'));
        return;
      case 'closed':
        this.#closed(told.conn, told.clean, told.reason);
        return;
      case 'message':
        this.#probed(told);
        return;
      case 'drain':
        this.#life.port.signal('SIGTERM');
        return;
      case 'quiesce':
        this.#life.setTimer('grace', 0, GRACE);
        this.#life.port.signal('SIGTERM');
        return;
      case 'timer':
        if (told.timer === 'grace') this.#exit();
        else if (told.timer === 'broken') this.#broken(told.key);
        else if (told.timer === 'joined') this.#with(told.key, (socket) => this.#joined(socket));
        else if (told.timer === 'read' || told.timer === 'loop') this.#with(told.key, (socket) => this.#hand(socket));
        else this.#requests.timer(told.timer, told.key);
    }
  }

  #with(conn: ConnId, run: (socket: KernelSocket) => void): void {
    const socket = this.#sockets.of(conn);
    if (socket !== undefined) run(socket);
  }

  #incoming(conn: ConnId, url: string | undefined, from: string): void {
    const port = this.#ports.asked(url);
    if (port === undefined) {
      this.#life.emit({ type: 'refuse', conn, status: 503 });
      return;
    }
    const handle = -++this.#accepted;
    const socket = this.#sockets.add(handle, conn);
    socket.isOpen = true;
    socket.isKnown = true;
    this.#life.emit({ type: 'accept', conn, halfOpen: true });
    this.#life.port.connection(handle, port, from);
  }

  #opened(conn: ConnId): void {
    this.#with(conn, (socket) => {
      socket.isOpen = true;
      this.#life.port.connected(socket.handle);
    });
  }

  /** A connection of the process to itself. */
  #joined(near: KernelSocket): void {
    const { port } = this.#life;
    const far = near.mate as KernelSocket;
    near.isOpen = true;
    far.isOpen = true;
    port.connection(far.handle, near.port, '127.0.0.1');
    port.connected(near.handle);
  }

  #arrived(conn: ConnId, bytes: Uint8Array): void {
    this.#with(conn, (socket) => {
      socket.isKnown = true;
      socket.waiting.push(...this.#segments.read(bytes));
      this.#hand(socket);
    });
  }

  /** Hands over what waits, as long as it is wanted, and then the end. */
  #hand(socket: KernelSocket): void {
    const { port } = this.#life;
    const { handle, waiting } = socket;
    while (socket.reads && waiting.length > 0) port.data(handle, waiting.shift() as Uint8Array);
    const { end, mate } = socket;
    if (mate !== null)
      for (const each of [mate, socket]) if (this.#loopback.hasRoom(each)) port.drained(each.handle, 0);
    if (end === null || waiting.length > 0 || (end === 'fin' && !socket.reads)) return;
    if (this.#sockets.get(handle) === undefined) return;
    if (end === 'fin') {
      socket.end = 'told';
      port.ended(handle);
    } else if (end !== 'told') {
      this.#sockets.forget(socket);
      port.closed(handle, end);
    }
  }

  #closed(conn: ConnId, clean: boolean, reason: string): void {
    this.#with(conn, (socket) => {
      this.#segments.forget(conn);
      socket.isOver = true;
      if (!socket.isOpen || !clean) this.#ended(socket, codeOf(socket.isOpen, reason));
      // Both streams have ended, or the process at the other end has.
      else if (socket.end === null) this.#ended(socket, 'fin');
    });
  }
  #ended(socket: KernelSocket, how: 'fin' | string): void {
    socket.end = how;
    this.#hand(socket);
  }

  /** Something was written to a connection whose other end is gone. */
  #broken(conn: number): void {
    this.#with(conn, (socket) => {
      this.#sockets.forget(socket);
      this.#life.port.closed(socket.handle, 'EPIPE');
    });
  }

  #probed({ from, message }: MessageEvent<Probe>): void {
    if (message.type !== 'probe') return;
    const ready = this.#ports.areAny;
    this.#life.emit({ type: 'post', to: from, message: { type: 'probed', op: message.op, ready } });
  }

  // ---- what the process asks

  #connect(handle: Handle, host: string, port: number): void {
    // Such a name may be that of another node, too.
    if (isOwn(host) && this.#ports.has(port)) {
      const near = this.#sockets.add(handle, this.#loopback.name());
      near.port = port;
      this.#loopback.join(near, this.#sockets.add(-++this.#accepted, this.#loopback.name()));
      return;
    }
    const conn = this.#life.newConn();
    this.#sockets.add(handle, conn);
    const name = host.includes(':') ? `[${host}]` : host;
    this.#life.emit({ type: 'dial', conn, to: `tcp://${name}:${port}`, over: 'bytes', halfOpen: true });
  }

  #write(handle: Handle, data: Uint8Array): void {
    const socket = this.#sockets.get(handle);
    if (socket === undefined) return;
    if (socket.isOver) this.#life.setTimer('broken', socket.conn, ZERO);
    else if (socket.mate !== null) this.#loopback.write(socket, new Uint8Array(data));
    else this.#segments.write(socket.conn, new Uint8Array(data));
  }
  #room(handle: Handle): void {
    const socket = this.#sockets.get(handle);
    if (socket === undefined || socket.isOver) return;
    if (socket.mate !== null) {
      this.#loopback.room(socket);
      return;
    }
    this.#send(socket.conn);
    this.#life.emit({ type: 'drain', conn: socket.conn });
  }
  #end(handle: Handle): void {
    const socket = this.#sockets.get(handle);
    if (socket === undefined || socket.isOver) return;
    if (socket.mate !== null) {
      this.#loopback.end(socket);
      return;
    }
    this.#send(socket.conn);
    this.#life.emit({ type: 'close', conn: socket.conn, code: 1000, reason: '' });
  }
  #destroy(handle: Handle, reset: boolean): void {
    const socket = this.#sockets.get(handle);
    if (socket === undefined) return;
    this.#sockets.forget(socket);
    if (socket.isOver) return;
    if (socket.conn < 0) {
      this.#loopback.destroy(socket, reset);
      return;
    }
    this.#send(socket.conn);
    const { conn } = socket;
    // Linux resets a connection whose reader did not read all that came; else what was written goes out, and FIN behind it.
    if (reset || socket.waiting.length > 0) this.#life.emit({ type: 'terminate', conn, how: 'rst' });
    else if (socket.isKnown) this.#life.emit({ type: 'terminate', conn, how: 'fin' });
    // What is terminated before its acceptor knows of it never was.
    else this.#life.emit({ type: 'close', conn, code: 1000, reason: '' });
  }
  #read(handle: Handle, on: boolean): void {
    const socket = this.#sockets.get(handle);
    if (socket === undefined || socket.reads === on) return;
    socket.reads = on;
    // Within the step that asks for it nothing may be told: a turn of the loop later.
    if (on && (socket.waiting.length > 0 || socket.end !== null)) this.#life.setTimer('read', socket.conn, ZERO);
  }
  #exit(): void {
    if (this.#isGone) return;
    this.flush();
    this.#isGone = true;
    this.#isEnding = true;
    this.#life.mute();
  }

  // ---- the end of a step

  flush(): void {
    if (this.#isEnding) this.#life.emit({ type: 'exit' });
    this.#isEnding = false;
    if (this.#isGone) return;
    this.#requests.flush();
    for (const conn of [...this.#segments.written()]) this.#send(conn);
    const listens = this.#ports.areAny;
    if (listens !== this.#listens) this.#life.emit({ type: 'listen', active: listens });
    this.#listens = listens;
  }
  #send(conn: ConnId): void {
    for (const payload of this.#segments.take(conn))
      this.#life.emit({ type: 'send', conn, payload, bytes: payload.length });
  }
}
