/** A recorded run as its story reads it: until the law was broken, with names from end to end and words for its entries. */

import type { ConnId } from '../../src/transport.ts';
import type { BreachReport, Outcome } from '../core/outcome.ts';
import type { RunOptions } from '../core/run.ts';
import { lawsOf, type Scenario } from '../core/scenario.ts';
import { settingOf } from '../core/setting.ts';
import type { RecordedEntry } from '../core/trail.ts';
import type { World } from '../core/world.ts';
import { worldOf } from '../core/worlds.ts';
import { Cast, connOf } from './cast.ts';
import { Fates } from './fate.ts';
import { wordsIn } from './fold.ts';
import { textOf } from './lines.ts';
import { short } from './short.ts';

/** A line has so much of somebody's text. */
const LINE = 200;

export class Recorded {
  readonly outcome: Outcome;
  readonly scenario: Scenario;
  readonly options: RunOptions;
  readonly world: World;
  /** Until the event that broke the law; what came behind it is not part of the story, and may be long. */
  readonly history: readonly RecordedEntry[];
  readonly cast: Cast;
  readonly fates: Fates;
  readonly breach: BreachReport | null;
  /** Which law is looked at; `budget` for a run that came to no end, null for one that holds. */
  readonly law: string | null;
  readonly #lineFor: ReturnType<typeof wordsIn>;
  /** What either side said first on each connection. */
  readonly #first = new Map<ConnId, { client?: RecordedEntry; server?: RecordedEntry }>();

  constructor(
    outcome: Outcome,
    history: readonly RecordedEntry[],
    scenario: Scenario,
    options: RunOptions,
    law?: string,
  ) {
    const { breaches, exceeded, seed, cell } = outcome;
    const { plan: _, ...overrides } = options;
    const breach = breaches.find((each) => each.law === law) ?? breaches[0] ?? null;
    const end = breach === null ? -1 : history.findIndex(({ event }) => event > breach.event);
    this.outcome = outcome;
    this.scenario = scenario;
    this.options = options;
    this.world = worldOf(scenario, settingOf(scenario, seed, { ...overrides, cell }), options.sizes ?? null).world;
    this.breach = breach;
    this.law = breach?.law ?? (exceeded === null ? null : 'budget');
    this.history = end < 0 ? history : history.slice(0, end);
    this.cast = new Cast(this.world, this.history);
    this.fates = new Fates(this.history, this.cast);
    this.#lineFor = wordsIn(this.history, scenario.protocol, this.cast.nameOf);
    for (const entry of this.history) if (entry.kind === 'sent' && !this.cast.isBetween(entry.node)) this.#note(entry);
  }

  /** When and where the law was judged, or the run was ended. */
  get end(): { readonly at: number; readonly event: number } {
    return this.breach ?? { at: this.outcome.ended, event: this.outcome.events };
  }

  /** The law was judged only because a budget ended the run: it stands long before. */
  get isLate(): boolean {
    return this.outcome.exceeded !== null && this.end.event >= this.outcome.events;
  }

  /** The sentence of the breach, with the names of connections that the story has. */
  get sentence(): string {
    const { message = '' } = this.breach ?? {};
    return message.replaceAll(/[\w~.-]+#\d+/g, (name) => {
      const conn = this.cast.named(name);
      const own = conn === undefined ? name : this.cast.nameOf(conn);
      return own === name ? name : `${own} (${name})`;
    });
  }

  /** The law in its own words. */
  get states(): string | undefined {
    return this.laws.find(({ name }) => name === this.law)?.states;
  }

  get laws(): ReturnType<typeof lawsOf> {
    return this.options.laws ?? lawsOf(this.scenario);
  }

  /** What an entry says, on one line, without whose it is. */
  readonly words = (entry: RecordedEntry): string => short(textOf(this.#lineFor(entry)), LINE);

  /** The same without its numbers, for comparing; null for what is a number of a stretch (a chunk, a beat). */
  readonly kindOfWords = (entry: RecordedEntry): string | null => {
    const line = this.#lineFor(entry);
    return line.number === null ? withoutNumbers(textOf(line)) : null;
  };

  /** What a client said first on a connection, and what it was told first; until an entry. */
  greetings(conn: ConnId | null, until: number): readonly RecordedEntry[] {
    const { client, server } = (conn === null ? undefined : this.#first.get(this.cast.endOf(conn))) ?? {};
    return [client, server].filter((each): each is RecordedEntry => each !== undefined && each.id <= until);
  }

  #note(entry: RecordedEntry): void {
    const end = this.cast.endOf(connOf(entry) as ConnId);
    const known = this.#first.get(end) ?? {};
    if (this.cast.isClient(entry.node)) known.client ??= entry;
    else known.server ??= entry;
    this.#first.set(end, known);
  }
}

export const withoutNumbers = (text: string): string =>
  text.replaceAll(/\d+(\.\d+)?/g, '#').replaceAll(/\b(us|ms|s|min|h)\b/g, '');
