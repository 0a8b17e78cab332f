/**
 * What a format of other people's configurations is: how it is recognised in a document, and how a policy is read from it.
 *
 * A reading says what it cannot say: each setting of theirs that has nothing to do with when to dial, or that no policy
 * here can express, is a line, and so are the defaults of the library that stood in for what was missing.
 */
import type { Policy } from '../../../src/backoff/policy.ts';
import type { Place } from './document.ts';

/** What is told of a reading: problems end it. */
export interface Log {
  /** What is not as it must be, each with its place. */
  readonly problems: string[];
  /** Settings that were missing, each with the default that stands in: `reconnectionDelayMax 5s`. */
  readonly missing: string[];
  /** What a policy here does not say, or says otherwise. */
  readonly notes: string[];
}

/** One policy in a document. */
export interface Found {
  /** Its name among others of the document, e.g. the instance of resilience4j; null where there can be but one. */
  readonly name: string | null;
  read(log: Log): Policy;
}

export interface PolicyFormat {
  /** As `FORMAT:FILE` has it. */
  readonly name: string;
  /** What it is called among people: `gRPC service config`. */
  readonly title: string;
  /** Whose defaults stand in: `socket.io-client 4.8.4`. */
  readonly library: string;
  /** Every policy of this format in a document; none where it is of another one. */
  find(places: readonly Place[]): readonly Found[];
  /** The policy of an object that somebody said is of this format, whatever it holds. */
  force(place: Place): Found;
}
