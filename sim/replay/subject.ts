/** What a replay page is about: one run, as plain data, with everything that the page needs to make it again. */
import type { Verdict } from './model/model.ts';

/** What stands in a page as data. A page is anybody's, so nothing in it is more than text and numbers. */
export interface Subject {
  readonly schema: 'hangup/replay-page/1';
  readonly version: string;
  readonly scenario: string;
  readonly title: string;
  readonly seed: string;
  /** The line that replays it with Node. */
  readonly paste: string;
  /** Overrides and plan as `run` takes them; bytes as `plain.ts` writes them. */
  readonly options: unknown;
  /** What Node's run came to: the page compares its own with it. */
  readonly digest: string;
  readonly verdict: Verdict;
  /** Why the page cannot run it again; null where it can. */
  readonly recordedOnly: string | null;
  /** Names that a what-if may choose from. */
  readonly choices: Choices;
}

export interface Choices {
  readonly policies: readonly string[];
  readonly networks: readonly string[];
}
