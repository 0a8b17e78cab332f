/** DOMException, with the codes that old names still have (https://webidl.spec.whatwg.org/#idl-DOMException). */
import { constants, dress, usv } from './idl.ts';

/** In the order of their codes, from 1 on; the gaps are names that the platform has given up. */
const NAMES = [
  'IndexSizeError',
  'DOMStringSizeError',
  'HierarchyRequestError',
  'WrongDocumentError',
  'InvalidCharacterError',
  'NoDataAllowedError',
  'NoModificationAllowedError',
  'NotFoundError',
  'NotSupportedError',
  'InUseAttributeError',
  'InvalidStateError',
  'SyntaxError',
  'InvalidModificationError',
  'NamespaceError',
  'InvalidAccessError',
  'ValidationError',
  'TypeMismatchError',
  'SecurityError',
  'NetworkError',
  'AbortError',
  'URLMismatchError',
  'QuotaExceededError',
  'TimeoutError',
  'InvalidNodeTypeError',
  'DataCloneError',
] as const;

const GONE: readonly string[] = ['DOMStringSizeError', 'NoDataAllowedError', 'ValidationError'];

export class DOMException extends Error {
  readonly #name: string;
  readonly #message: string;

  constructor(message: unknown = '', name: unknown = 'Error') {
    // Without a message of its own, which would hide the prototype's. The stack is written when somebody reads it first.
    super();
    this.#message = usv(message);
    this.#name = nameIn(name, this);
  }

  override get name(): string {
    return this.#name;
  }

  override get message(): string {
    return this.#message;
  }

  get code(): number {
    const name = this.#name;
    return GONE.includes(name) ? 0 : NAMES.indexOf(name as (typeof NAMES)[number]) + 1;
  }
}

/** Node also takes `{ name, cause }`, as errors of the language do. */
function nameIn(name: unknown, of: DOMException): string {
  if (typeof name !== 'object' || name === null) return usv(name);
  const { name: named = 'Error', cause } = name as { name?: unknown; cause?: unknown };
  if ('cause' in name) Object.defineProperty(of, 'cause', { value: cause, writable: true, configurable: true });
  return usv(named);
}

constants(DOMException, Object.fromEntries(NAMES.map((name, i) => [codeName(name), i + 1])));
dress({ DOMException });

/** `InvalidStateError` is INVALID_STATE_ERR, `DOMStringSizeError` DOMSTRING_SIZE_ERR. */
function codeName(name: string): string {
  const words = name
    .replace('DOMString', 'Domstring')
    .replace('URL', 'Url')
    .replace(/Error$/, 'Err');
  return words
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toUpperCase()
    .replace('IN_USE_ATTRIBUTE', 'INUSE_ATTRIBUTE');
}
