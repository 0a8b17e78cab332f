/** What the judge of schemas is asked, and what it answers; both cross to its thread as they are. */
import type { MessagePort } from 'node:worker_threads';
import type { Draft } from './drafts.ts';

export interface Question {
  readonly draft: Draft;
  /** The schema without its notes, as JSON. */
  readonly schema: string;
  /** Documents as JSON. */
  readonly documents: readonly string[];
}

export type Answer =
  | { readonly satisfied: true }
  /** The first document that fails, and how, as the end of a line. */
  | { readonly satisfied: false; readonly document: number; readonly why: string }
  /** Why the schema cannot be judged, as the end of a line. */
  | { readonly problem: string };

/** What both threads have in hand: answers go through the port, and the count of them wakes who waits. */
export interface Line {
  readonly answers: MessagePort;
  readonly count: SharedArrayBuffer;
}
