/** What an XMLHttpRequest was answered, as a program reads it: a text, an object of the kind that it asked for, fields. */
import { type Blob, blobOf } from '../blob.ts';
import { TextDecoder } from '../text.ts';
import { pairsOfText } from './headers.ts';
import type { Answer } from './requests.ts';

export class XmlHttpResponse {
  readonly #answer: Answer;
  /** By name in lower case; those of cookies are nobody's business. */
  readonly #fields = new Map<string, string>();
  /** The body as an object, once it was asked for. */
  #buffer: ArrayBuffer | null = null;
  #blob: Blob | null = null;

  constructor(answer: Answer) {
    this.#answer = answer;
    for (const [name, value] of pairsOfText(answer.headers)) {
      const key = name.toLowerCase();
      if (key === 'set-cookie' || key === 'set-cookie2') continue;
      const before = this.#fields.get(key);
      this.#fields.set(key, before === undefined ? value : `${before}, ${value}`);
    }
  }

  get url(): string {
    return this.#answer.url;
  }
  get status(): number {
    return this.#answer.status;
  }
  get statusText(): string {
    return this.#answer.statusText;
  }
  get length(): number {
    return this.#answer.bytes.length;
  }
  /** Its length as its head gave it; 0 where it did not, or of something else. */
  get total(): number {
    return Number(this.#fields.get('content-length') ?? 0) === this.length ? this.length : 0;
  }

  field(key: string): string | null {
    return this.#fields.get(key) ?? null;
  }
  allFields(): string {
    const all = [...this.#fields].sort(([one], [other]) => (one < other ? -1 : 1));
    return all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

  /** `mime`: the type that the program says it is of, whatever its head says. */
  text(mime: string | null): string {
    const charset = /;\s*charset="?([^";\s]+)/i.exec(this.#type(mime))?.[1] ?? 'utf-8';
    let decoder: TextDecoder;
    try {
      decoder = new TextDecoder(charset);
    } catch {
      decoder = new TextDecoder();
    }
    return decoder.decode(this.#answer.bytes);
  }

  /** Null for what it cannot be read as. */
  object(type: string, mime: string | null): unknown {
    const { bytes } = this.#answer;
    switch (type) {
      case 'arraybuffer':
        this.#buffer ??= bytes.slice().buffer;
        return this.#buffer;
      case 'blob':
        this.#blob ??= blobOf(bytes, this.#type(mime));
        return this.#blob;
      case 'json':
        try {
          return JSON.parse(new TextDecoder().decode(bytes));
        } catch {
          return null;
        }
      default:
        return null;
    }
  }

  #type(mime: string | null): string {
    return mime ?? this.#fields.get('content-type') ?? '';
  }
}
