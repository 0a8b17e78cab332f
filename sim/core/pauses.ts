/**
 * Pauses: a process that takes no step for a while, and one whose timers are slow.
 *
 * A frozen tab, a sleeping device and a stopped server have this in common: what reaches the process waits, in order, and
 * is handed over when it goes on, each thing in an event of its own; its timers are late, not lost. A browser that slows
 * a hidden tab down only rounds the moments at which timers fire up. Held timers stay armed, so that a step which clears
 * or moves one before its turn does so as it would have in the process itself.
 */
import type { Instant } from '../../src/time.ts';
import type { TimerEvent } from '../../src/transport.ts';
import type { AnyEvent, Kernel, Node } from './kernel.ts';
import {
  isFree,
  isStop,
  isStopped,
  isTimerOfPage,
  NOTHING_PASSES,
  type Passes,
  type Pause,
  passesAll,
  pauseOf,
  tidy,
} from './pause.ts';
import { NO_TIMER } from './timers.ts';
import type { Witness } from './witness.ts';

interface Host {
  readonly kernel: Kernel;
  readonly witness: Witness;
  /** Hands an event to a process that runs. */
  hand(node: Node, event: AnyEvent): void;
  miss(node: Node, event: AnyEvent): void;
}

type Action =
  /** The next thing that waited is handed over. */
  | { readonly type: 'processGoesOn'; readonly process: string }
  /** The moment for which the timers of a slowed process waited. */
  | { readonly type: 'timersAlign'; readonly process: string };

export class Pauses {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** The process takes no step until `by` lets it go; what passes to the browser of a page is no step of the page. */
  hold(node: Node, by: object, passes: Passes = NOTHING_PASSES): void {
    const pause = pauseOf(node);
    if (isStop(node, passes) && !isStopped(node, pause)) this.#note(node, true);
    pause.holders.set(by, passes);
  }

  isHeld({ pause }: Node): boolean {
    return pause !== null && pause.holders.size > 0;
  }

  isHeldBy({ pause }: Node, by: object): boolean {
    return pause?.holders.has(by) === true;
  }

  /** Does something inside a held process when it goes on, ahead of all that waits. */
  ahead(node: Node, run: () => void): void {
    pauseOf(node).waiting.unshift(run);
    this.#host.kernel.trail?.holds(run);
  }

  /** `by` holds it no longer; unknown after a crash, because a new process is nobody's prisoner. */
  release(node: Node, by: object): void {
    const { pause } = node;
    if (pause === null || !pause.holders.has(by)) return;
    const stopped = isStopped(node, pause);
    pause.holders.delete(by);
    if (stopped && !isStopped(node, pause)) this.#note(node, false);
    if (pause.holders.size > 0) return;
    this.#slowAgain(node, pause);
    this.#goOn(node);
  }

  /** Its timers fire only at multiples of `resolution` microseconds, as long as `by` says so. */
  slow(node: Node, by: object, resolution: number): void {
    pauseOf(node).slowed.set(by, resolution);
    this.#noteResolution(node);
  }

  /** Its timers are as prompt as ever; those that were held back fire now. */
  quicken(node: Node, by: object): void {
    const { pause } = node;
    if (pause === null || !pause.slowed.delete(by)) return;
    this.#noteResolution(node);
    if (pause.slowed.size === 0 && pause.late.length > 0) this.#align(node);
    tidy(node);
  }

  /** Whatever reaches it while it has nothing to do waits so long for its turn, and what comes meanwhile waits with it. */
  lag(node: Node, by: object, lag: number): void {
    pauseOf(node).lags.set(by, lag);
  }

  catchUp(node: Node, by: object): void {
    if (node.pause?.lags.delete(by) === true) tidy(node);
  }

  /** Whether an event has to wait; then it is kept. Called for processes that have a pause only. */
  keeps(node: Node, event: AnyEvent): boolean {
    const pause = node.pause as Pause;
    if (pause.holders.size > 0 ? !passesAll(pause, event) : pause.waiting.length > 0) {
      pause.waiting.push(rearmed(this.#host.kernel, node, event));
      this.#host.kernel.trail?.holds(event);
      return true;
    }
    if (pause.holders.size === 0 && pause.lags.size > 0) {
      const { kernel } = this.#host;
      pause.waiting.push(rearmed(kernel, node, event));
      kernel.trail?.holds(event);
      const goesOn: Action = { type: 'processGoesOn', process: node.id };
      kernel.plan((kernel.now + Math.max(...pause.lags.values())) as Instant, goesOn);
      return true;
    }
    if (pause.slowed.size === 0 || !isTimerOfPage(node, event)) return false;
    const aligned = this.#alignedBy(pause);
    if (aligned === this.#host.kernel.now) return false;
    pause.late.push(rearmed(this.#host.kernel, node, event) as TimerEvent);
    this.#host.kernel.trail?.holds(event);
    this.#alignAt(node, pause, aligned);
    return true;
  }

  /** Does something inside the process: now, or when it runs again. */
  inside(node: Node, run: () => void): void {
    if (node.up && (node.pause === null || isFree(node.pause))) run();
    else {
      pauseOf(node).waiting.push(run);
      this.#host.kernel.trail?.holds(run);
    }
  }

  /** The process died: what waited for it is lost, but not what the world still wants to do with its successor. */
  died(node: Node): void {
    const { pause } = node;
    if (pause === null) return;
    if (isStopped(node, pause)) this.#note(node, false);
    const rest = pause.waiting.splice(0);
    pause.holders.clear();
    pause.late.length = 0;
    pause.aligned = -1;
    for (const each of rest)
      if (typeof each === 'function') pause.waiting.push(each);
      else this.#host.miss(node, each);
    tidy(node);
  }

  /** A new process runs. */
  born(node: Node): void {
    if (node.pause !== null) this.#goOn(node);
  }

  /** Handles an action if it is one of its own. */
  act(action: AnyEvent): boolean {
    const known = action as Action;
    if (known.type !== 'processGoesOn' && known.type !== 'timersAlign') return false;
    const node = this.#host.kernel.nodes.find(({ id }) => id === known.process);
    if (node === undefined || node.pause === null) return true;
    if (known.type === 'processGoesOn') this.#next(node, node.pause);
    else if (node.pause.aligned === this.#host.kernel.now) this.#align(node);
    return true;
  }

  #goOn(node: Node): void {
    const { kernel } = this.#host;
    const goesOn: Action = { type: 'processGoesOn', process: node.id };
    if (node.pause?.waiting.length === 0) tidy(node);
    else kernel.plan(kernel.now, goesOn);
  }

  /** One thing an event: laws and people tell causes apart by events. */
  #next(node: Node, pause: Pause): void {
    if (pause.holders.size > 0 || !node.up) return;
    const next = pause.waiting.shift();
    pause.running = true;
    if (next !== undefined) this.#host.kernel.trail?.hands(next);
    if (typeof next === 'function') next();
    else if (next !== undefined) this.#give(node, next);
    pause.running = false;
    this.#goOn(node);
  }

  #give(node: Node, event: AnyEvent): void {
    if (event.type !== 'timer') {
      this.#host.hand(node, event);
      return;
    }
    const { timer: name, key } = event as TimerEvent;
    const { timers, now } = this.#host.kernel;
    const timer = timers.find(node.index, name, key);
    // Cleared, or moved to later, by something that came before it.
    if (timer === NO_TIMER || !timers.isDue(timer, now)) return;
    timers.disarm(timer);
    this.#host.hand(node, event);
    timers.tidy(timer);
  }

  /** Timers that fell due while it was held have the moments of a slowed process, if it still is one. */
  #slowAgain(node: Node, pause: Pause): void {
    const aligned = this.#alignedBy(pause);
    if (aligned === this.#host.kernel.now) return;
    const late = pause.waiting.filter((each): each is TimerEvent => isTimerOfPage(node, each));
    if (late.length === 0) return;
    pause.late.push(...late);
    pause.waiting.splice(0, pause.waiting.length, ...pause.waiting.filter((each) => !isTimerOfPage(node, each)));
    this.#alignAt(node, pause, aligned);
  }

  /** The next moment at which timers of a process fire that is slowed down, or now. */
  #alignedBy({ slowed }: Pause): number {
    const { now } = this.#host.kernel;
    if (slowed.size === 0) return now;
    const resolution = Math.max(...slowed.values());
    return Math.ceil(now / resolution) * resolution;
  }

  #alignAt(node: Node, pause: Pause, at: number): void {
    if (pause.aligned >= 0 && pause.aligned <= at) return;
    pause.aligned = at;
    const align: Action = { type: 'timersAlign', process: node.id };
    this.#host.kernel.plan(at as Instant, align);
  }

  /** The moment of the late timers: they fire in the order in which they were due. */
  #align(node: Node): void {
    const pause = node.pause as Pause;
    pause.aligned = -1;
    const idle = pause.waiting.length === 0;
    for (const event of pause.late.splice(0)) pause.waiting.push(event);
    if (idle && pause.holders.size === 0) this.#goOn(node);
  }

  #note(node: Node, begins: boolean): void {
    const { kernel, witness } = this.#host;
    witness.on.paused?.write({ at: kernel.now, node: node.id, event: kernel.event, kind: 'paused', begins });
  }

  #noteResolution(node: Node): void {
    const { kernel, witness } = this.#host;
    if (witness.on.throttled === null) return;
    const resolution = Math.max(0, ...(node.pause?.slowed.values() ?? []));
    witness.on.throttled.write({ at: kernel.now, node: node.id, event: kernel.event, kind: 'throttled', resolution });
  }
}

/** The kernel has just disarmed a timer that popped; held, it counts as pending until its turn comes. */
function rearmed({ timers }: Kernel, node: Node, event: AnyEvent): AnyEvent {
  if (event.type !== 'timer') return event;
  const { timer: name, key } = event as TimerEvent;
  const timer = timers.find(node.index, name, key);
  if (timer !== NO_TIMER) timers.rearm(timer);
  return event;
}
