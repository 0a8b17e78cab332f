/**
 * What the parties of a recorded run knew at a moment of it. A protocol that reads its own machines tells it (`knows`): the
 * run is opened again and stepped up to there. Of others it is told from what a witness had seen of them: open sockets,
 * what they were given and asked for, what their consoles said.
 */
import type { Entry } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import { formatInstant } from '../../src/time.ts';
import type { About, Known, States } from '../core/knowledge.ts';
import { open } from '../core/run.ts';
import type { RecordedEntry } from '../core/trail.ts';
import type { Cast } from './cast.ts';
import type { Recorded } from './recorded.ts';
import { short } from './short.ts';

/** What was known when an event was over; events in the order of the run. */
export function knownAt(
  events: readonly number[],
  { scenario, outcome: { seed, plan, cell }, options, history, cast }: Recorded,
  about: Omit<About, 'now' | 'nameOf'>,
): readonly (readonly Known[])[] {
  const { knows } = scenario.protocol ?? {};
  const asking = { ...about, nameOf: cast.nameOf };
  if (knows === undefined) return events.map((event) => seenUntil(event, history, cast, asking));
  const { witness: _, laws: __, ...rest } = options;
  const opened = open(scenario, seed, { ...rest, cell, plan, mode: 'sweep', laws: [] });
  const all: (readonly Known[])[] = [];
  try {
    for (const event of events) {
      while (opened.event < event && opened.step() !== null);
      const states: Record<NodeId, unknown> = {};
      for (const node of opened.nodes) states[node] = opened.state(node);
      all.push(knows(states as States, { ...asking, now: opened.now }));
    }
  } finally {
    opened.close();
  }
  return all;
}

/** What a witness had seen of those that a breach is about, and of the servers. */
function seenUntil(
  event: number,
  history: readonly RecordedEntry[],
  cast: Cast,
  { clients, streams }: Omit<About, 'now'>,
): readonly Known[] {
  const nodes = cast.nodes.filter((node) => !cast.isBetween(node) && (!cast.isClient(node) || clients.includes(node)));
  const seen = new Map(nodes.map((node) => [node, new Seen()]));
  for (const entry of history) {
    if (entry.event > event) break;
    seen.get(entry.node)?.see(entry);
  }
  return [...seen].flatMap(([who, each]) => {
    const text = each.words(cast, streams.map(String));
    return text === '' ? [] : [{ who, text }];
  });
}

/** What a witness saw of one party. */
class Seen {
  #down = false;
  #paused = false;
  readonly #conns = new Map<number, string>();
  readonly #sockets = new Map<number, string>();
  readonly #given = new Map<string, string>();
  readonly #made = new Map<string, string>();
  readonly #unsettled = new Set<string>();
  readonly #performed: string[] = [];
  #said = '';
  #told = '';

  see(entry: Entry): void {
    switch (entry.kind) {
      case 'crashed':
        this.#down = true;
        this.#forget();
        return;
      case 'restarted':
      case 'reloaded':
        this.#down = false;
        this.#forget();
        return;
      case 'paused':
        this.#paused = entry.begins;
        return;
      case 'dialled':
        this.#conns.set(entry.conn, 'is dialling');
        return;
      case 'opened':
      case 'accepted':
        this.#conns.set(entry.conn, 'has open');
        return;
      case 'closed':
      case 'hungUp':
      case 'refused':
        this.#conns.delete(entry.conn);
        return;
      case 'socket':
        if (entry.state === 'closed') this.#sockets.delete(entry.socket);
        else this.#sockets.set(entry.socket, entry.state);
        return;
      case 'received':
        this.#given.set(String(entry.stream), `seq ${entry.seq}`);
        return;
      case 'read':
        this.#given.set(String(entry.stream), short(String(entry.value)));
        return;
      case 'replaced':
        this.#given.set(String(entry.stream), entry.value === undefined ? 'nothing' : short(String(entry.value)));
        return;
      case 'produced':
        this.#made.set(String(entry.stream), `seq ${entry.seq}`);
        return;
      case 'wrote':
        this.#made.set(String(entry.stream), short(String(entry.value)));
        return;
      case 'submitted':
        this.#unsettled.add(entry.key);
        return;
      case 'settled':
        this.#unsettled.delete(entry.key);
        return;
      case 'performed':
        this.#performed.push(entry.key);
        return;
      case 'noted':
        this.#said = `its last note, at ${formatInstant(entry.at)}: ${short(entry.text)}`;
        return;
      case 'console':
        this.#said = `its console, at ${formatInstant(entry.at)}: ${short(entry.text)}`;
        return;
      case 'uncaught':
        this.#told = `an error that nobody caught, at ${formatInstant(entry.at)}: ${short(entry.error)}`;
        return;
      case 'told':
        this.#told = `told ${entry.error} at ${formatInstant(entry.at)}`;
        return;
      default:
        return;
    }
  }

  words(cast: Cast, streams: readonly string[]): string {
    const of = (all: ReadonlyMap<string, string>, verb: string): string[] => {
      const wanted = [...all].filter(([stream]) => streams.includes(stream));
      return (wanted.length > 0 ? wanted : [...all])
        .slice(-3)
        .map(([stream, what]) => `${verb} ${what} of stream ${stream} last`);
    };
    const open = [...this.#conns].map(([conn, what]) => `${what} ${cast.nameOf(conn)}`).slice(-3);
    const sockets = [...this.#sockets].map(([socket, state]) => `takes its socket ${socket} for ${state}`).slice(-3);
    return [
      this.#down ? 'is down' : this.#paused ? 'stands still' : '',
      open.length === 0 && !this.#down ? 'has no connection' : open.join(', '),
      ...sockets,
      ...of(this.#given, 'was given'),
      ...of(this.#made, 'made'),
      this.#unsettled.size > 0 ? `waits for ${[...this.#unsettled].slice(-3).join(', ')}` : '',
      this.#performed.length > 0 ? `has performed ${this.#performed.slice(-3).join(', ')}` : '',
      this.#told,
      this.#said,
    ]
      .filter((part) => part !== '')
      .join('; ');
  }

  #forget(): void {
    this.#conns.clear();
    this.#sockets.clear();
  }
}
