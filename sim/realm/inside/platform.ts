/** What a page and a Node process both have of the web's platform. */
import { installAbort } from './abort.ts';
import { installBase64 } from './base64.ts';
import { installBlob } from './blob.ts';
import { installClone } from './clone.ts';
import { installCrypto } from './crypto.ts';
import { DOMException } from './dom-exception.ts';
import { installEvents } from './event-kinds.ts';
import { installEventTarget } from './event-target.ts';
import { define, type Inside, type Part } from './inside.ts';
import { installMessageChannel } from './message-channel.ts';
import { installText } from './text.ts';
import { installUrl } from './url.ts';

export function install(inside: Inside): Part {
  define('DOMException', DOMException);
  installEvents(inside);
  installEventTarget(inside);
  installAbort(inside);
  installText();
  installUrl();
  installBlob();
  installBase64();
  installClone();
  installCrypto(inside);
  installMessageChannel(inside);
  return {};
}
