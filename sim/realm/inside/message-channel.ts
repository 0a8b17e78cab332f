/**
 * MessageChannel (https://html.spec.whatwg.org/#message-channels): two ports that hand values to each other, each in a task of
 * its own. Libraries use one as a scheduler, because a background tab does not slow it down.
 */
import { cloned, revived } from './clone.ts';
import { DOMException } from './dom-exception.ts';
import { trusted } from './event.ts';
import { MessageEvent } from './event-kinds.ts';
import { attributes, EventTarget, isHeard, tell } from './event-target.ts';
import { dress, needs } from './idl.ts';
import { define, type Inside } from './inside.ts';

const KEY = {};
let inside: Inside;
let join: (one: MessagePort, other: MessagePort) => void;

export class MessagePort extends EventTarget {
  #other: MessagePort | null = null;
  /** What came before it was started. Null: it was started. */
  #waiting: (() => void)[] | null = [];

  static {
    join = (one, other) => {
      one.#other = other;
      other.#other = one;
    };
  }

  constructor(key?: unknown) {
    if (key !== KEY) throw new TypeError("Failed to construct 'MessagePort': Illegal constructor");
    super();
  }

  postMessage(message: unknown, transfer?: unknown): void {
    needs(1, arguments.length, "execute 'postMessage' on 'MessagePort'");
    const what = "Failed to execute 'postMessage' on 'MessagePort'";
    const list = (transfer as { transfer?: unknown } | undefined)?.transfer ?? transfer;
    for (const each of Array.isArray(list) ? list : [])
      if (!(each instanceof ArrayBuffer))
        throw new DOMException(`${what}: Value at index 0 does not have a transferable type.`, 'DataCloneError');
    const record = cloned(message, what);
    const to = this.#other;
    if (to === null) return;
    const arrive = (): void => {
      if (to.#other === null || !isHeard(to, 'message')) return;
      const data = revived(record);
      tell(
        to,
        trusted(() => new MessageEvent('message', { data })),
      );
    };
    if (to.#waiting === null) inside.soon({ run: arrive });
    else to.#waiting.push(arrive);
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const run of waiting) inside.soon({ run });
  }

  close(): void {
    if (this.#other !== null) this.#other.#other = null;
    this.#other = null;
  }
}

attributes(MessagePort, ['message', 'messageerror', 'close']);
{
  // The first handler of messages starts the port.
  const { get, set } = Object.getOwnPropertyDescriptor(
    MessagePort.prototype,
    'onmessage',
  ) as Required<PropertyDescriptor>;
  Object.defineProperty(MessagePort.prototype, 'onmessage', {
    get,
    set(this: MessagePort, value: unknown) {
      set.call(this, value);
      this.start();
    },
    enumerable: true,
    configurable: true,
  });
}

class MessageChannel {
  readonly #ports = [new MessagePort(KEY), new MessagePort(KEY)] as const;

  constructor() {
    join(...this.#ports);
  }
  get port1(): MessagePort {
    return this.#ports[0];
  }
  get port2(): MessagePort {
    return this.#ports[1];
  }
}

dress({ MessagePort, MessageChannel });

export function installMessageChannel(given: Inside): void {
  inside = given;
  define('MessagePort', MessagePort);
  define('MessageChannel', MessageChannel);
}
