/**
 * What a page draws of a run: parties, what they said to each other, what each took its connections for, waits, faults,
 * laws. Derived from recorded history alone, so any protocol's run has one. Long lists are columns, because a run of a
 * hundred thousand events is sent from a worker to the page as a whole.
 */
import type { BreachReport, Outcome } from '../../core/outcome.ts';
import type { FaultPlan } from '../../faults/plan.ts';
import type { Told } from './told.ts';

export type Verdict = Outcome['verdict'];

/** A lane: a node, with what lives on its host and its later tabs. */
export interface Party {
  readonly id: string;
  readonly role: string;
  /** Other nodes that are drawn in this lane: agents beside a server, later tabs; all others for the last lane of a herd. */
  readonly with: readonly string[];
  readonly sub: string;
}

/** Entries of history; row `i` is the entry with `id` `i + 1`. */
export interface Rows {
  readonly count: number;
  readonly at: Float64Array;
  readonly event: Uint32Array;
  /** Index of the lane, or -1 for what happens on a link or to the whole world. */
  readonly lane: Int16Array;
  readonly sort: Uint8Array;
  /** `id` of the entry that led to it; 0 for none. */
  readonly cause: Uint32Array;
  /** Index of the message that it sends or ends; -1 for none. */
  readonly message: Int32Array;
  /** Null as long as those of a long run are on their way. */
  texts: Texts | null;
  /** Texts of rows that are needed before. */
  readonly early: ReadonlyMap<number, string>;
  readonly who: readonly string[];
  readonly whoOf: Uint16Array;
}

export const SORT = { message: 0, connection: 1, timer: 2, application: 3, fault: 4, process: 5, code: 6 } as const;
export const FATE = { ok: 0, lost: 1, held: 2, late: 3, inFlight: 4 } as const;
export const CLASS = { data: 0, ack: 1, control: 2, post: 3 } as const;

/** What crossed from one lane to another. */
export interface Messages {
  readonly count: number;
  readonly from: Int16Array;
  readonly to: Int16Array;
  readonly begins: Float64Array;
  readonly ends: Float64Array;
  readonly fate: Uint8Array;
  readonly class: Uint8Array;
  /** 1 for what was sent before already. */
  readonly again: Uint8Array;
  readonly beat: Uint8Array;
  /** Rows of the entry that sent it, and of the one that ended it (-1 for none). */
  readonly sent: Int32Array;
  readonly ended: Int32Array;
  /** Longest of all, so that a window finds every message that reaches into it. */
  readonly longest: number;
}

export type BarState = 'open' | 'dialling' | 'wait' | 'down' | 'paused' | 'phase';

/** What a party took something for, from when until when. */
export interface Bar {
  readonly lane: number;
  /** Bars of one lane that last at the same time are drawn below each other. */
  readonly row: number;
  readonly state: BarState;
  readonly label: string;
  readonly begins: number;
  readonly ends: number;
  readonly entry: number;
  /** Stretches in which the other side took it for something else, or its link was cut. */
  readonly half: readonly (readonly [number, number])[];
}

/** A wait that was drawn from an interval. */
export interface Wait {
  readonly lane: number;
  readonly begins: number;
  readonly ends: number;
  readonly until: number;
  readonly least: number;
  readonly most: number;
  readonly attempt: number;
  readonly entry: number;
}

export interface FaultSpan {
  readonly number: number;
  readonly kind: string;
  readonly target: string;
  /** In a line: `cut of c1-lb at 3.200000 s, lasts 5 s, direction both`. */
  readonly words: string;
  /** The hosts at both ends of a link that it hits; null where it hits no link. */
  readonly between: readonly [string, string] | null;
  /** Lanes that it touches. */
  readonly lanes: readonly number[];
  readonly begins: number;
  readonly ends: number;
  /** The parameter that says how long it lasts; null where none does, so that its length cannot be changed. */
  readonly lasts: string | null;
  readonly happened: boolean;
}

export interface Broken extends BreachReport {
  /** The row in which it was seen; the last one of its event. */
  readonly row: number;
  /** Judged when the run was over. */
  readonly last: boolean;
  /** Rows that led to it, in order: causes, and faults that lasted meanwhile. */
  readonly trail: readonly number[];
  readonly meanwhile: readonly number[];
}

export interface LawRow {
  readonly name: string;
  readonly states: string;
  /** Why nothing can be said of it; null where it was judged. */
  readonly because: string | null;
}

/** What was made, sent and handed over of one stream, as [time, number, row]; sent: 1 again, 2 lost. */
export interface Stream {
  readonly name: string;
  readonly client: string;
  readonly produced: readonly Point[];
  readonly sent: readonly (readonly [at: number, seq: number, row: number, how: 0 | 1 | 2])[];
  readonly received: readonly Point[];
}
export type Point = readonly [at: number, seq: number, row: number];

export interface Model {
  /** The story of a run that fails; null as long as it is on its way, or where nobody tells it. */
  told: Told | null;
  readonly scenario: string;
  readonly seed: string;
  readonly cell: string;
  readonly conditions: string;
  readonly digest: string;
  readonly verdict: Verdict;
  readonly exceeded: string | null;
  readonly events: number;
  readonly ended: number;
  readonly plan: FaultPlan;
  readonly faults: readonly FaultSpan[];
  readonly parties: readonly Party[];
  readonly rows: Rows;
  readonly messages: Messages;
  readonly bars: readonly Bar[];
  readonly waits: readonly Wait[];
  /** What each party was in the middle of. */
  readonly phases: readonly Bar[];
  readonly marks: readonly Mark[];
  readonly laws: readonly LawRow[];
  readonly breaches: readonly Broken[];
  readonly streams: readonly Stream[];
}

/** Worth a look by itself: an error that an application was told, a crash, a remark. */
export interface Mark {
  readonly lane: number;
  readonly at: number;
  readonly row: number;
  readonly text: string;
  readonly sort: 'told' | 'stored';
}

/** All texts in one, and where each begins. */
export interface Texts {
  readonly text: string;
  readonly begins: Uint32Array;
}

/** What a row says. */
export function textAt({ texts, early, count }: Rows, row: number): string {
  if (texts === null) return early.get(row) ?? '…';
  const { text, begins } = texts;
  return text.slice(begins[row], row + 1 < count ? (begins[row + 1] as number) - 1 : text.length);
}

/** Whose row it is. */
export const whoAt = ({ who, whoOf }: Rows, row: number): string => who[whoOf[row] as number] ?? '';
