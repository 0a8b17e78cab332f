/** BroadcastChannel (https://html.spec.whatwg.org/#broadcasting-to-other-browsing-contexts): to all others of its name, in this tab and the others of the client. */
import { type Cloned, cloned, cloneOfText, revived, textOfClone } from '../clone.ts';
import { DOMException } from '../dom-exception.ts';
import { trusted } from '../event.ts';
import { MessageEvent } from '../event-kinds.ts';
import { attributes, EventTarget, isHeard, tell } from '../event-target.ts';
import { dress, needs } from '../idl.ts';
import { define, type Inside, type Part } from '../inside.ts';
import { originOf } from '../url.ts';
import type { PageState } from './page-state.ts';

let inside: Inside;
let page: PageState;
/** Those that are not closed, in the order in which they were made. */
const open = new Set<BroadcastChannel>();

class BroadcastChannel extends EventTarget {
  readonly #name: string;

  constructor(name: string) {
    needs(1, arguments.length, "construct 'BroadcastChannel'");
    super();
    this.#name = `${name}`;
    open.add(this);
  }
  get name(): string {
    return this.#name;
  }
  postMessage(message: unknown): void {
    needs(1, arguments.length, "execute 'postMessage' on 'BroadcastChannel'");
    const what = "Failed to execute 'postMessage' on 'BroadcastChannel'";
    if (!open.has(this)) throw new DOMException(`${what}: Channel is closed`, 'InvalidStateError');
    const record = cloned(message, what);
    inside.host.broadcast(this.#name, textOfClone(record));
    for (const other of othersOf(this.#name, this)) inside.soon({ run: () => arrive(other, record) });
  }
  close(): void {
    open.delete(this);
  }
}

const othersOf = (name: string, but: BroadcastChannel | null): readonly BroadcastChannel[] =>
  [...open].filter((each) => each !== but && each.name === name);

function arrive(channel: BroadcastChannel, record: Cloned): void {
  if (!open.has(channel) || !isHeard(channel, 'message')) return;
  const data = revived(record);
  tell(
    channel,
    trusted(() => new MessageEvent('message', { data, origin: originOf(page.address) })),
  );
}

attributes(BroadcastChannel, ['message', 'messageerror']);
dress({ BroadcastChannel });

export function installBroadcastChannel(given: Inside, state: PageState): Part {
  inside = given;
  page = state;
  define('BroadcastChannel', BroadcastChannel);
  return {
    heard(name, data) {
      const record = cloneOfText(data);
      for (const channel of othersOf(name, null)) arrive(channel, record);
    },
    reset: () => open.clear(),
    held: () => [...open].flatMap((channel) => ['listeners', `a BroadcastChannel \`${channel.name}\``]),
  };
}
