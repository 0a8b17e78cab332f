/** The link alone, under any mixture of talk, faults and deaths: what it owes to both ends whatever happens. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { segments } from '../../src/link/tcp/state.ts';
import type { End, LinkEvent } from '../../src/link/vocabulary.ts';
import { at, ms, seconds } from '../../src/time.ts';
import { CLEAR, PlayedLink } from '../machines/link.ts';

const CONNS = [1, 2, 3] as const;
const BOTH: readonly End[] = [0, 1];

/** What an endpoint does, and only while it believes in the connection. */
type Deed = { readonly deed: 'dial' | 'send' | 'close' | 'fin' | 'rst'; readonly end: End; readonly conn: number };
type Move = Deed | LinkEvent;

const worse = { ...CLEAR, jitter: ms(20), loss: { num: 3, of: 10 }, rate: 100_000, queue: 8_000 };
const end = fc.constantFrom(...BOTH);
const direction = fc.constantFrom('up' as const, 'down' as const, 'both' as const);
const deed = (name: Deed['deed']): fc.Arbitrary<Move> =>
  fc.record({ deed: fc.constant(name), end, conn: fc.constantFrom(...CONNS) });
const of = <const Type extends string>(type: Type): fc.Arbitrary<Type> => fc.constant(type);
const fault: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ type: of('cut'), direction }),
  fc.record({ type: of('heal'), direction }),
  fc.record({ type: of('stall'), direction, until: fc.integer({ min: 0, max: 40_000_000 }).map(at) }),
  fc.record({ type: of('endDown'), end, how: fc.constantFrom('process' as const, 'host' as const) }),
  fc.record({ type: of('endUp'), end }),
  fc.record({ type: of('forgetEnd'), end }),
  fc.constantFrom<LinkEvent>(
    { type: 'degrade', up: worse, down: worse },
    { type: 'restore' },
    { type: 'resetAll' },
    { type: 'closeAll', code: 1012, reason: '' },
    { type: 'forgetAll' },
  ),
);
const moves = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 3, arbitrary: deed('dial') },
      { weight: 6, arbitrary: deed('send') },
      { weight: 2, arbitrary: fc.oneof(deed('close'), deed('fin'), deed('rst')) },
      { weight: 4, arbitrary: fault },
    ),
    fc.constantFrom(ms(0), ms(3), ms(60), ms(400), seconds(3), seconds(40)),
  ),
  { minLength: 5, maxLength: 60 },
);

/** Both applications: they answer what comes in, and say nothing on a connection that is over for them. */
class Ends {
  readonly link = new PlayedLink();
  readonly sent = new Map<number, { readonly to: End; readonly conn: number }>();
  readonly #over = new Set<string>();
  readonly #answered = new Set<number>();
  readonly #dialled = new Set<number>();

  do(move: Move): void {
    const { link } = this;
    if (!('deed' in move)) {
      link.tell(move);
      if (move.type === 'endDown')
        for (const conn of this.#dialled)
          if (move.end === 0 || this.#asked(conn)) this.#over.add(`${move.end} ${conn}`);
      return;
    }
    const { deed, end, conn } = move;
    if (deed === 'dial') {
      if (this.#dialled.has(conn)) return;
      this.#dialled.add(conn);
      link.tell({ type: 'dial', end: 0, conn });
    } else if (deed === 'send') {
      if (this.believes(end, conn)) this.say(end, conn);
    } else if (this.believes(end, conn) || (end === 0 && this.#dials(conn))) {
      this.#over.add(`${end} ${conn}`);
      if (deed === 'close') link.tell({ type: 'close', end, conn, code: 1000, reason: '' });
      else link.tell({ type: 'terminate', end, conn, how: deed });
    }
  }

  say(end: End, conn: number): void {
    const nonce = this.sent.size + 1;
    this.sent.set(nonce, { to: end === 0 ? 1 : 0, conn });
    this.link.send(end, nonce % 5 === 0 ? 40_000 : 300, nonce, conn);
  }

  /** Time goes by; who is asked accepts at the next opportunity. */
  wait(duration: number): void {
    this.link.pass(duration);
    for (const { at, event } of this.link.heard)
      if (event.type === 'incoming' && at <= this.link.now && !this.#answered.has(event.conn)) {
        this.#answered.add(event.conn);
        if (!this.#over.has(`1 ${event.conn}`)) this.link.tell({ type: 'accept', end: 1, conn: event.conn });
      }
  }

  believes(end: End, conn: number): boolean {
    if (this.#over.has(`${end} ${conn}`) || this.link.ends(end, conn).some(({ at }) => at <= this.link.now))
      return false;
    if (end === 1) return this.#answered.has(conn);
    return this.link.heard.some(
      ({ at, event: { type, conn: of } }) => type === 'opened' && of === conn && at <= this.link.now,
    );
  }

  /** The network is well again, and everybody has said something on what he believes in, given up other dials, and waited. */
  settle(): void {
    for (const event of [{ type: 'restore' }, { type: 'heal', direction: 'both' }] as const) this.link.tell(event);
    for (const end of BOTH) this.link.tell({ type: 'endUp', end });
    for (let round = 0; round < 2; round++) {
      this.wait(seconds(3000));
      for (const conn of CONNS) {
        for (const end of BOTH) if (this.believes(end, conn)) this.say(end, conn);
        if (!this.believes(0, conn)) this.do({ deed: 'fin', end: 0, conn });
      }
    }
    this.wait(seconds(3000));
  }

  /** Whether the request is at the acceptor, or on its last way there: a dial that has not come so far meets its next life. */
  #asked(conn: number): boolean {
    return this.link.heard.some(({ event }) => event.type === 'incoming' && event.conn === conn);
  }

  #dials(conn: number): boolean {
    return this.#dialled.has(conn) && !this.#over.has(`0 ${conn}`) && this.link.ends(0, conn).length === 0;
  }
}

function walk(list: readonly (readonly [Move, number])[], look: (link: PlayedLink) => void): Ends {
  const ends = new Ends();
  for (const [move, gap] of list) {
    ends.do(move);
    ends.wait(gap);
    look(ends.link);
  }
  ends.settle();
  return ends;
}

const holds = (law: (ends: Ends) => void, look: (link: PlayedLink) => void = () => {}): void =>
  fc.assert(
    fc.property(moves, (list) => law(walk(list, look))),
    { numRuns: 1000 },
  );

test('each message arrives once or is lost once, at the end that it was meant for', () =>
  holds(({ link, sent }) => {
    const came = BOTH.flatMap((to) =>
      CONNS.flatMap((conn) => link.frames(to, conn).map(({ nonce }) => ({ nonce, to, conn }))),
    );
    const lost = link.lost.map(({ to, conn, payload }) => ({ nonce: (payload as { nonce: number }).nonce, to, conn }));
    const all = [...came, ...lost].sort((a, b) => a.nonce - b.nonce);
    expect(all).toEqual([...sent].map(([nonce, { to, conn }]) => ({ nonce, to, conn })));
  }));

test('messages arrive in the order in which they were sent', () =>
  holds(({ link }) => {
    for (const to of BOTH)
      for (const conn of CONNS) {
        const frames = link.frames(to, conn);
        for (const [i, { nonce, at }] of frames.entries())
          if (i > 0) {
            expect(nonce).toBeGreaterThan(frames[i - 1]?.nonce as number);
            expect(at).toBeGreaterThanOrEqual(frames[i - 1]?.at as number);
          }
      }
  }));

test('an end is told at most once that a connection is over', () =>
  holds(({ link }) => {
    for (const to of BOTH) for (const conn of CONNS) expect(link.ends(to, conn).length).toBeLessThan(2);
  }));

test('of a connection that is over for one end nothing is left once the other has said something', () =>
  holds((ends) => {
    for (const [conn, { over }] of Object.entries(ends.link.state.conns))
      expect(`${conn} ${over}`).toBe(`${conn} false,false`);
    expect(ends.link.timers()).toEqual([]);
  }));

/** The books of every sender add up. */
function audit({ state }: PlayedLink): void {
  for (const { lanes } of Object.values(state.conns))
    for (const { flight, waiting, gone } of lanes) {
      const items = waiting.slice(gone);
      const silent = items.reduce((sum, item) => sum + (item.rides ? 0 : item.silent), 0);
      const sent = flight.counts.slice(flight.acked, flight.due).reduce((sum, count) => sum + count, 0);
      expect(flight).toMatchObject({ silent, sent });
      expect(flight.unacked).toBeGreaterThanOrEqual(0);
      for (const { left, silent, known, bytes } of items) {
        expect(Math.min(left, silent, known)).toBeGreaterThanOrEqual(0);
        expect(left + silent + known).toBeLessThanOrEqual(segments(bytes));
      }
    }
}

describe('what a sender believes to be under way is what it has sent, lost and was not told of', () => {
  test('in any mixture', () => holds(() => {}, audit));

  test('of a stream that never pauses', () => {
    const link = new PlayedLink();
    link.open(1);
    for (let nonce = 1; nonce <= 300; nonce++) {
      link.send(0, nonce % 3 === 0 ? 4000 : 300, nonce);
      link.pass(ms(10));
      audit(link);
    }
    expect(link.frames(1)).toHaveLength(300);
  });

  test('of a backlog whose messages share segments and are lost together', () => {
    for (let count = 20; count < 60; count++) {
      const link = new PlayedLink();
      link.open(1);
      link.tell({ type: 'degrade', up: worse, down: worse });
      for (let nonce = 1; nonce <= count; nonce++) link.send(0, 300, nonce);
      for (let i = 0; i < 300; i++) {
        link.pass(ms(10));
        audit(link);
      }
      link.pass(seconds(100));
      expect(link.frames(1)).toHaveLength(count);
    }
  });
});
