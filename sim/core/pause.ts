/** What is held of one process: who holds it or slows it down, and what waits until that is over. */
import type { TimerEvent } from '../../src/transport.ts';
import type { AnyEvent, Node } from './kernel.ts';

/** Which events reach a held process all the same: a hung backend still accepts connections. */
export type Passes = (event: AnyEvent) => boolean;

/** What is held of one process. */
export interface Pause {
  /** Whoever holds it, with what each lets pass; it goes on when nobody does. */
  readonly holders: Map<object, Passes>;
  /** Whoever slows its timers down, with the moments at which they fire: multiples of so many microseconds. */
  readonly slowed: Map<object, number>;
  /** Whoever makes it late, by so many microseconds: its loop is busy with something else whenever something comes. */
  readonly lags: Map<object, number>;
  /** Events, and what the world wants to do inside the process, in the order in which they came. */
  readonly waiting: (AnyEvent | (() => void))[];
  /** Timers of a slowed process that are due and not aligned, and when their moment comes (-1: none waits). */
  readonly late: TimerEvent[];
  aligned: number;
  /** One of the waiting things has its turn: what it leads to at once happens at once. */
  running: boolean;
}

/** What passes by default. */
export const NOTHING_PASSES: Passes = () => false;

export function pauseOf(node: Node): Pause {
  node.pause ??= {
    holders: new Map(),
    slowed: new Map(),
    lags: new Map(),
    waiting: [],
    late: [],
    aligned: -1,
    running: false,
  };
  return node.pause;
}

/** A timer of the process itself, and not one of the browser around it. */
export const isTimerOfPage = ({ spec }: Node, each: AnyEvent | (() => void)): boolean =>
  typeof each !== 'function' && each.type === 'timer' && spec.browser?.(each) !== true;

/** Nothing is held, or what is under way belongs to the thing whose turn it is. */
export const isFree = ({ holders, waiting, running }: Pause): boolean =>
  running || (holders.size === 0 && waiting.length === 0);

/** Nothing at all passes, or nothing but what is its browser's: the process stands still. */
export const isStop = ({ spec }: Node, passes: Passes): boolean => passes === NOTHING_PASSES || passes === spec.browser;

export function isStopped(node: Node, { holders }: Pause): boolean {
  for (const passes of holders.values()) if (isStop(node, passes)) return true;
  return false;
}

export function passesAll({ holders }: Pause, event: AnyEvent): boolean {
  for (const passes of holders.values()) if (!passes(event)) return false;
  return true;
}

/** Forgets a pause that holds nothing any more, so that the usual event is not asked for it. */
export function tidy(node: Node): void {
  const { pause } = node;
  if (pause === null) return;
  if (pause.holders.size + pause.slowed.size + pause.lags.size + pause.waiting.length + pause.late.length === 0)
    node.pause = null;
}
