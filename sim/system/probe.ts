/**
 * `hangup/probe`: what your code says happened at its boundary, in the past tense, in the words that laws know.
 *
 * Where nobody listens, as in production, every call returns at once and nothing is kept: probes may stay in code that
 * ships. Under hangup each of them is an entry of history at its virtual time. Imports nothing, and does nothing when it
 * is loaded.
 */

/** A piece of a stream: text or bytes. */
export type Piece = string | Uint8Array | ArrayBuffer;

/** How something that was asked for ended: it took effect, it surely did not, or nobody can know. */
export type Outcome = 'done' | 'failed' | 'unknown';

type Listener = (fact: string, first: string, second: string | Uint8Array | null) => void;

const LISTENER = Symbol.for('hangup.probe');

const say = (fact: string, first: string, second: Piece | null): void => {
  const listener = (globalThis as { [LISTENER]?: Listener })[LISTENER];
  // A key or a stream may be a number, too: whoever writes JavaScript is told by no type.
  listener?.(fact, `${first}`, second instanceof ArrayBuffer ? new Uint8Array(second) : second);
};

export const probe = {
  /** A client asks for something, under a `key` that is used once in all of the run. */
  submitted: (key: string): void => say('submitted', key, null),
  /** It was told how that ended. */
  settled: (key: string, outcome: Outcome): void => say('settled', key, outcome),
  /** What was asked for under `key` took effect: usually a server says so. */
  performed: (key: string): void => say('performed', key, null),
  /** The next piece of a stream was made. */
  produced: (stream: string, piece: Piece): void => say('produced', stream, piece),
  /** An application was given the next piece of a stream. */
  received: (stream: string, piece: Piece): void => say('received', stream, piece),
  /** An application was given all of a stream anew, in place of what it was given before. */
  replaced: (stream: string, whole: Piece): void => say('replaced', stream, whole),
  /** An application, and so a person, was told that something is wrong. */
  told: (error: string, detail: string | null = null): void => say('told', error, detail),
  /** A line of the timeline, which no law looks at; `data` is shown as JSON. */
  note: (text: string, data?: unknown): void => say('note', text, data === undefined ? null : JSON.stringify(data)),
} as const;
