/** Whom an XMLHttpRequest tells how far it is: itself, and its upload (https://xhr.spec.whatwg.org/#xmlhttprequesteventtarget). */
import { trusted } from '../event.ts';
import { ProgressEvent } from '../event-kinds.ts';
import { attributes, EventTarget, isHeard, tell } from '../event-target.ts';

const EVENTS = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'] as const;
type Told = (typeof EVENTS)[number];

/** Whoever makes one shows it: a script cannot. */
export const KEY = {};

export class XMLHttpRequestEventTarget extends EventTarget {
  constructor(key?: unknown) {
    super();
    if (key !== KEY) throw new TypeError("Failed to construct 'XMLHttpRequestEventTarget': Illegal constructor");
  }
}

export class XMLHttpRequestUpload extends XMLHttpRequestEventTarget {}

/** Tells how far it is; `total` is 0 where it is not known. */
export function progress(to: EventTarget, type: Told, loaded = 0, total = 0): void {
  if (!isHeard(to, type)) return;
  const init = { lengthComputable: total > 0, loaded, total };
  tell(
    to,
    trusted(() => new ProgressEvent(type, init)),
  );
}

attributes(XMLHttpRequestEventTarget, EVENTS);
