/** FormData (https://xhr.spec.whatwg.org/#interface-formdata) of a script; there are no forms. */
import { Blob, bytesOfBlob, File } from '../blob.ts';
import { dress, needs, usv } from '../idl.ts';
import { utf8 } from '../utf8.ts';
import { pairsOf } from './pairs.ts';

type Value = string | File;

export class FormData {
  #entries: (readonly [name: string, value: Value])[] = [];

  constructor(form?: unknown) {
    if (form !== undefined)
      throw new TypeError("Failed to construct 'FormData': parameter 1 is not of type 'HTMLFormElement'.");
  }
  append(name: unknown, value: unknown, filename?: unknown): void {
    needs(2, arguments.length, "execute 'append' on 'FormData'");
    this.#entries.push([usv(name), entryOf(value, filename)]);
  }
  set(name: unknown, value: unknown, filename?: unknown): void {
    needs(2, arguments.length, "execute 'set' on 'FormData'");
    const entry = [usv(name), entryOf(value, filename)] as const;
    const at = this.#entries.findIndex(([each]) => each === entry[0]);
    if (at < 0) this.#entries.push(entry);
    else this.#entries = this.#entries.flatMap((each, i) => (i === at ? [entry] : each[0] === entry[0] ? [] : [each]));
  }
  delete(name: unknown): void {
    const key = usv(name);
    this.#entries = this.#entries.filter(([each]) => each !== key);
  }
  get(name: unknown): Value | null {
    return this.getAll(name)[0] ?? null;
  }
  getAll(name: unknown): Value[] {
    const key = usv(name);
    return this.#entries.filter(([each]) => each === key).map(([, value]) => value);
  }
  has(name: unknown): boolean {
    return this.getAll(name).length > 0;
  }
  forEach(callback: (value: Value, name: string, data: FormData) => void, self?: unknown): void {
    for (const [name, value] of this) callback.call(self, value, name, this);
  }
  keys(): IterableIterator<string> {
    return pairsOf(
      'FormData',
      () => this.#entries,
      ([name]) => name,
    );
  }
  values(): IterableIterator<Value> {
    return pairsOf(
      'FormData',
      () => this.#entries,
      ([, value]) => value,
    );
  }
  entries(): IterableIterator<[string, Value]> {
    return pairsOf(
      'FormData',
      () => this.#entries,
      ([name, value]) => [name, value],
    );
  }
  [Symbol.iterator](): IterableIterator<[string, Value]> {
    return this.entries();
  }
}

function entryOf(value: unknown, filename: unknown): Value {
  if (!(value instanceof Blob)) return usv(value);
  if (value instanceof File && filename === undefined) return value;
  const name = filename === undefined ? 'blob' : usv(filename);
  const { type } = value;
  return new File([value], name, value instanceof File ? { type, lastModified: value.lastModified } : { type });
}

const quoted = (text: string): string => text.replace(/\r\n|\r|\n/g, '%0D%0A').replaceAll('"', '%22');

/** As `multipart/form-data` (https://html.spec.whatwg.org/#multipart-form-data). */
export function multipart(data: FormData, boundary: string): Uint8Array<ArrayBuffer> {
  const parts: (Uint8Array | string)[] = [];
  for (const [name, value] of data) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`;
    if (typeof value === 'string') parts.push(`${head}\r\n\r\n${value.replace(/\r\n|\r|\n/g, '\r\n')}\r\n`);
    else
      parts.push(
        `${head}; filename="${quoted(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`,
        bytesOfBlob(value),
        '\r\n',
      );
  }
  parts.push(`--${boundary}--\r\n`);
  const pieces = parts.map((part) => (typeof part === 'string' ? utf8(part) : part));
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

dress({ FormData });
