/**
 * The document, as far as a page without a picture has one: whether it is seen, how far it is loaded, and a few elements
 * that libraries touch when they are loaded. Everything of the DOM beyond that throws with its name.
 */
import { attributes, EventTarget, forgetListeners, setParent, tellOf } from '../event-target.ts';
import { dress } from '../idl.ts';
import { define, type Part, scope } from '../inside.ts';
import { missingMembers, notOffered } from '../missing.ts';
import type { PageState } from './page-state.ts';

const NO_DOM = 'a page has no DOM';
const KEY = {};

let page: PageState;
let readyState: 'loading' | 'interactive' | 'complete' = 'loading';

class Node extends EventTarget {}

class Element extends Node {
  readonly #name: string;
  readonly style: Record<string, string> = {};

  constructor(key: unknown, name: string) {
    if (key !== KEY) throw new TypeError('Illegal constructor');
    super();
    this.#name = name;
  }
  get tagName(): string {
    return this.#name;
  }
  get nodeName(): string {
    return this.#name;
  }
  getAttribute(): null {
    return null;
  }
  hasAttribute(): boolean {
    return false;
  }
}

class Document extends Node {
  readonly #elements = {
    html: new Element(KEY, 'HTML'),
    head: new Element(KEY, 'HEAD'),
    body: new Element(KEY, 'BODY'),
  };

  constructor(key: unknown) {
    if (key !== KEY) throw new TypeError("Failed to construct 'Document': Illegal constructor");
    super();
  }
  get visibilityState(): string {
    return page.visible ? 'visible' : 'hidden';
  }
  get hidden(): boolean {
    return !page.visible;
  }
  get wasDiscarded(): boolean {
    return false;
  }
  get readyState(): string {
    return readyState;
  }
  hasFocus(): boolean {
    return page.visible;
  }
  get defaultView(): unknown {
    return scope;
  }
  get location(): unknown {
    return scope.location;
  }
  get URL(): string {
    return page.address.href;
  }
  /** Nobody sees it, and a script may keep something there. */
  title = '';
  get nodeName(): string {
    return '#document';
  }
  get nodeType(): number {
    return 9;
  }
  get documentURI(): string {
    return page.address.href;
  }
  get baseURI(): string {
    return page.address.href;
  }
  get domain(): string {
    return page.address.hostname;
  }
  get referrer(): string {
    return '';
  }
  get characterSet(): string {
    return 'UTF-8';
  }
  get compatMode(): string {
    return 'CSS1Compat';
  }
  get contentType(): string {
    return 'text/html';
  }
  get currentScript(): null {
    return null;
  }
  get activeElement(): Element {
    return this.#elements.body;
  }
  get documentElement(): Element {
    return this.#elements.html;
  }
  get head(): Element {
    return this.#elements.head;
  }
  get body(): Element {
    return this.#elements.body;
  }
  get cookie(): string {
    return '';
  }
  set cookie(_value: unknown) {
    throw notOffered('document.cookie', 'nothing is sent along with requests');
  }
}

missingMembers(
  Document.prototype,
  'document',
  [
    'createElement',
    'createElementNS',
    'createTextNode',
    'createComment',
    'createDocumentFragment',
    'createEvent',
    'createRange',
    'createTreeWalker',
    'getElementById',
    'getElementsByTagName',
    'getElementsByClassName',
    'getElementsByName',
    'querySelector',
    'querySelectorAll',
    'importNode',
    'adoptNode',
    'execCommand',
    'write',
    'writeln',
    'elementFromPoint',
  ],
  NO_DOM,
);
missingMembers(
  Element.prototype,
  'element',
  [
    'append',
    'appendChild',
    'insertBefore',
    'removeChild',
    'replaceChild',
    'cloneNode',
    'remove',
    'setAttribute',
    'removeAttribute',
    'querySelector',
    'querySelectorAll',
    'getElementsByTagName',
    'getElementsByClassName',
    'closest',
    'matches',
    'getBoundingClientRect',
    'attachShadow',
    'focus',
    'click',
  ],
  NO_DOM,
);
attributes(Document, ['visibilitychange', 'freeze', 'resume', 'readystatechange', 'DOMContentLoaded']);
dress({ Node, Element, HTMLDocument: Document });

/** What the window does to its document. */
export interface Documents {
  /** The page is seen from now on, or no longer. */
  show(on: boolean): void;
  freeze(on: boolean): void;
  /** Its scripts have run; `then`: the window's own part. */
  loaded(window: EventTarget, then: () => void): void;
}

export function installDocument(state: PageState): Documents & { readonly part: Part } {
  page = state;
  const document = new Document(KEY);
  setParent(document, scope as unknown as EventTarget);
  for (const [name, value] of Object.entries({ Node, Element, HTMLElement: Element, Document, HTMLDocument: Document }))
    define(name, value);
  Object.defineProperty(scope, 'document', { value: document, configurable: false, enumerable: true, writable: false });
  return {
    show(on) {
      if (page.visible === on) return;
      page.visible = on;
      tellOf(document, 'visibilitychange', true);
    },
    freeze(on) {
      tellOf(document, on ? 'freeze' : 'resume');
    },
    loaded(_window, then) {
      tellOf(document, 'DOMContentLoaded', true);
      readyState = 'complete';
      tellOf(document, 'readystatechange');
      then();
    },
    part: {
      begin() {
        // A module is run when the document has been read.
        readyState = 'interactive';
      },
      reset() {
        forgetListeners(document);
        document.title = '';
        for (const each of [document.documentElement, document.head, document.body]) {
          forgetListeners(each);
          for (const key of Object.keys(each.style)) delete each.style[key];
        }
      },
    },
  };
}
