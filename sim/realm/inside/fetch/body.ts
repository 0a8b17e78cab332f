/** What requests and responses have in common: a body that is whole, and can be read once (https://fetch.spec.whatwg.org/#body-mixin). */
import { Blob, blobOf, bytesOfBlob } from '../blob.ts';
import { bytesIn } from '../idl.ts';
import type { Inside } from '../inside.ts';
import { scope } from '../inside.ts';
import { notOffered } from '../missing.ts';
import { textOf } from '../text.ts';
import { isSearchParams } from '../url.ts';
import { utf8 } from '../utf8.ts';
import { FormData, multipart } from './form-data.ts';
import type { Headers } from './headers.ts';

export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The type that it says by itself; null for none. */
  readonly type: string | null;
}

/** What a script gives as a body. */
export function contentOf(body: unknown, { dice }: Pick<Inside, 'dice'>): Content {
  if (body instanceof Blob) return { bytes: bytesOfBlob(body), type: body.type === '' ? null : body.type };
  const bytes = bytesIn(body);
  if (bytes !== null) return { bytes: bytes.slice(), type: null };
  if (isSearchParams(body))
    return { bytes: utf8(`${body as string}`), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  if (body instanceof FormData) {
    const boundary = `----WebKitFormBoundary${dice.word().toString(36)}${dice.word().toString(36)}`;
    return { bytes: multipart(body, boundary), type: `multipart/form-data; boundary=${boundary}` };
  }
  return { bytes: utf8(`${body as string}`), type: 'text/plain;charset=UTF-8' };
}

export let contentIn: (body: Body) => Content | null;
export let putContent: (body: Body, content: Content | null) => void;

export abstract class Body {
  #content: Content | null = null;
  #used = false;

  static {
    contentIn = (body) => body.#content;
    putContent = (body, content) => {
      body.#content = content;
    };
  }

  abstract get headers(): Headers;

  get body(): null {
    if (this.#content === null) return null;
    throw notOffered(
      'the `body` of a request or a response',
      'there is no ReadableStream yet; `text()`, `json()` and the like are there',
    );
  }
  get bodyUsed(): boolean {
    return this.#used;
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#take('arrayBuffer').slice().buffer;
  }
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#take('bytes').slice();
  }
  async blob(): Promise<Blob> {
    return blobOf(this.#take('blob'), this.headers.get('content-type') ?? '');
  }
  async text(): Promise<string> {
    return textOf(this.#take('text'));
  }
  async json(): Promise<unknown> {
    return JSON.parse(textOf(this.#take('json')));
  }
  async formData(): Promise<FormData> {
    const type = this.headers.get('content-type') ?? '';
    const text = textOf(this.#take('formData'));
    if (!type.startsWith('application/x-www-form-urlencoded'))
      throw notOffered('formData() of this type', 'only application/x-www-form-urlencoded is read');
    const data = new FormData();
    for (const [name, value] of new scope.URLSearchParams(text)) data.append(name, value);
    return data;
  }

  #take(operation: string): Uint8Array<ArrayBuffer> {
    if (this.#used)
      throw new TypeError(`Failed to execute '${operation}' on '${this.constructor.name}': body stream already read`);
    if (this.#content === null) return NOTHING;
    this.#used = true;
    return this.#content.bytes;
  }
}

const NOTHING = new Uint8Array(0);
