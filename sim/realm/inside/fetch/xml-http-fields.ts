/** The header fields that a program gives an XMLHttpRequest. */
import { DOMException } from '../dom-exception.ts';
import type { Inside } from '../inside.ts';
import type { Content } from './body.ts';
import { isForbidden } from './headers.ts';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const wrong = (what: string, kind: string): DOMException =>
  new DOMException(
    `Failed to execute 'setRequestHeader' on 'XMLHttpRequest': '${what}' is not a valid HTTP header field ${kind}.`,
    'SyntaxError',
  );

export class RequestFields {
  /** By name in lower case. */
  readonly #values = new Map<string, string>();

  set(name: string, value: string, { host }: Inside): void {
    if (!TOKEN.test(name)) throw wrong(name, 'name');
    if (/[\0\r\n]|[^\0-\xff]/.test(value)) throw wrong(value, 'value');
    const key = name.toLowerCase();
    // A browser says so in its console, and goes on.
    if (isForbidden(key)) host.console('error', `Refused to set unsafe header "${name}"`);
    else {
      const before = this.#values.get(key);
      this.#values.set(key, before === undefined ? value : `${before}, ${value}`);
    }
  }

  /** As lines of a head, with the type of what is sent along; null: nothing is. */
  lines(content: Content | null, isText: boolean): string {
    const values = new Map(this.#values);
    const said = values.get('content-type');
    // A text goes as UTF-8, whatever else its type says.
    const type = isText ? said?.replace(/(charset=)("?)(?!utf-8\b)[^";]*\2/i, '$1UTF-8') : said;
    const its = type ?? content?.type ?? null;
    if (content !== null && its !== null) values.set('content-type', its);
    return [...values].map(([name, value]) => `${name}: ${value}`).join('\n');
  }
}
