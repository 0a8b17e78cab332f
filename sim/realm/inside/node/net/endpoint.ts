/** What a program can ask of an end of a connection besides its bytes: where it is, its state in a word, how long it is silent. */
import { badType } from '../errors.ts';
import type { Any, Callback } from '../loose.ts';
import { Ref } from '../refs.ts';
import { Duplex } from '../stream.ts';
import { NOWHERE } from './address.ts';
import { Silence } from './silence.ts';

export class Endpoint extends Duplex {
  [key: string]: Any;
  connecting = false;
  remoteAddress: string | undefined;
  remotePort: number | undefined;
  remoteFamily: string | undefined;
  localAddress: string | undefined;
  localPort: number | undefined;
  localFamily: string | undefined;
  timeout = 0;
  readonly #ref = new Ref();
  readonly #silence = new Silence(() => this.emit('timeout'));

  constructor(options: Any) {
    super(options);
  }

  /** Where it is, once that is known. */
  _locate(address: string, port: number, handle: number): void {
    this.remoteAddress = address;
    this.remotePort = port;
    this.remoteFamily = 'IPv4';
    this.localAddress = NOWHERE;
    this.localPort ??= 40_000 + (Math.abs(handle) % 20_000);
    this.localFamily = 'IPv4';
  }

  get pending(): boolean {
    return this._handle === null || this.connecting;
  }
  get readyState(): string {
    if (this.connecting) return 'opening';
    if (this.readable && this.writable) return 'open';
    if (this.readable) return 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  address(): Any {
    return this._handle === null || this.connecting ? {} : { address: NOWHERE, family: 'IPv4', port: this.localPort };
  }

  get bytesWritten(): number {
    let bytes = this._bytesDispatched;
    for (const entry of this._writableState.getBuffer?.() ?? []) bytes += entry.chunk.length;
    return bytes;
  }
  get bufferSize(): number | undefined {
    return this._handle === null ? undefined : this.writableLength;
  }

  ref(): this {
    this.#ref.counts = true;
    return this;
  }
  unref(): this {
    this.#ref.counts = false;
    return this;
  }
  _holds(active: boolean): void {
    this.#ref.active = active;
  }

  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(after: number, callback?: Callback): this {
    if (typeof after !== 'number') throw badType('msecs', 'of type number', after);
    this.timeout = after;
    this.#silence.watch(after);
    if (callback !== undefined) {
      if (after > 0) this.once('timeout', callback);
      else this.removeListener('timeout', callback);
    }
    return this;
  }
  /** Something has happened on it: its time of silence begins anew. */
  _unrefTimer(): void {
    this.#silence.begin();
  }
  _unwatch(): void {
    this.#silence.end();
  }
}
