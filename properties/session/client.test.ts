/**
 * The laws of the client session under any string of events, in both modes of stepping; each is also shown to catch a
 * planted bug. What becomes of a client in a world that answers is in `client-recovery.test.ts` and
 * `client-handover.test.ts`.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/backoff/policy.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { type Chunk, checksum } from '../../src/content.ts';
import { NOTHING } from '../../src/machine.ts';
import type { ClientConfig } from '../../src/session/client/config.ts';
import { PHASES } from '../../src/session/client/phases.ts';
import { client } from '../../src/session/client/session.ts';
import type { ClientEffect, ClientEvent, ClientState } from '../../src/session/client/state.ts';
import { encode } from '../../src/session/wire/codec.ts';
import type { Frame, Token } from '../../src/session/wire/frames.ts';
import { frameBytes } from '../../src/session/wire/size.ts';
import { at, seconds, us } from '../../src/time.ts';
import { type ClientMachine, CONFIG, Driver } from './client/driver.ts';
import { carryOut, frame, type Move, placeOf, walk } from './client/walk.ts';
import { WATCHES } from './client/watches.ts';
import { connected } from './client/world.ts';

/** Gives up soon, so that walks see it. */
const impatient: Policy = { ...PRESETS.default.policy, attemptsMax: 2, elapsedMax: seconds(60) };
const config: fc.Arbitrary<ClientConfig> = fc.constantFrom(
  CONFIG,
  { ...CONFIG, policy: impatient },
  { ...CONFIG, policy: PRESETS['decorrelated-jitter'].policy, refreshBefore: seconds(5) },
  { ...CONFIG, policy: { ...impatient, stableAfter: seconds(0) }, outboxCount: 1 },
);

const play = (driver: Driver, moves: readonly Move[]): Driver => {
  for (const move of moves) carryOut(driver, move);
  return driver;
};

describe('under any string of events', () => {
  for (const { states, watch } of Object.values(WATCHES)) {
    test(`${states}`, { timeout: 60_000 }, () => {
      const law = fc.property(config, walk, (c, moves) => {
        play(new Driver({ config: c, watches: [watch(c)] }), moves);
      });
      fc.assert(law, { numRuns: 400 });
    });
  }

  test('in place and on a frozen draft, the same events have the same effects and lead to the same state', {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(config, walk, (c, moves) => {
        const inPlace = play(new Driver({ config: c }), moves);
        const onDraft = play(new Driver({ config: c, mode: 'on a draft' }), moves);
        expect(onDraft.digest).toBe(inPlace.digest);
        expect(onDraft.state).toStrictEqual(inPlace.state);
      }),
      { numRuns: 300 },
    );
  });

  test('the walks come to every phase and to every stage of a handover', { timeout: 60_000 }, () => {
    const seen = new Set<string>();
    const policies = fc.sample(config, { numRuns: 1500, seed: 1 });
    fc.sample(walk, { numRuns: 1500, seed: 1 }).forEach((moves, i) => {
      const driver = new Driver({ config: policies[i] ?? CONFIG });
      for (const move of moves) {
        carryOut(driver, move);
        seen.add(placeOf(driver));
      }
    });
    for (const phase of Object.keys(PHASES)) expect(seen).toContain(phase);
    for (const stage of ['waiting', 'abandoned', 'second token', 'second connecting', 'second handshaking'])
      expect(seen).toContain(`live, ${stage}`);
    for (const stage of ['second backoff', 'second suspended']) expect(seen).toContain(`live, ${stage}`);
    expect(seen).toContain('replaying, switching');
  });

  test('an event that nobody knows changes nothing', () => {
    const { driver } = connected();
    const before = JSON.stringify(driver.state);
    for (const event of [{ type: 'started' }, { type: 'incoming', conn: 9, from: 'x' }, { type: 'visible' }])
      expect(driver.tell(event as unknown as ClientEvent)).toBe(NOTHING);
    expect(JSON.stringify(driver.state)).toBe(before);
  });
});

/** The client with a bug: what it does is changed before anybody sees it. */
const planted = (
  bug: (effects: readonly ClientEffect[], event: ClientEvent, state: ClientState) => readonly ClientEffect[],
): ClientMachine => ({
  ...client,
  step: (state, event, context) => bug(client.step(state, event, context), event, state),
});
const twice =
  (type: ClientEffect['type']) =>
  (effects: readonly ClientEffect[]): readonly ClientEffect[] =>
    effects.flatMap((effect) => (effect.type === type ? [effect, effect] : [effect]));
const swap = (change: (effect: ClientEffect) => ClientEffect | null): ClientMachine =>
  planted((effects) => effects.map(change).filter((effect) => effect !== null));

describe('a planted bug is caught', () => {
  const bugs: Record<string, readonly ClientMachine[]> = {
    statePlain: [
      planted((effects, _, state) => {
        Object.assign(state, { leftover: undefined });
        return effects;
      }),
    ],
    timersFit: [
      swap((effect) => (effect.type === 'setTimer' && effect.timer === 'retry' ? null : effect)),
      swap((effect) => (effect.type === 'clearTimer' && effect.timer === 'welcome' ? null : effect)),
      swap((effect) => (effect.type === 'setTimer' && effect.timer === 'liveness' ? null : effect)),
    ],
    tableAgrees: [
      planted((effects, event, state) => {
        if (event.type === 'opened') state.nonce++;
        return effects;
      }),
    ],
    oneDial: [
      planted(twice('dial')),
      planted((effects, event) =>
        event.type === 'submit' ? [...effects, { type: 'dial', conn: 1, to: 'lb' }] : effects,
      ),
    ],
    speaksOnOpen: [
      swap((effect) => (effect.type === 'send' ? { ...effect, conn: effect.conn - 1 } : effect)),
      planted((effects, event) =>
        event.type === 'closed' || (event.type === 'timer' && event.timer === 'welcome')
          ? [...effects, { type: 'send', conn: CONFIG.connBase + 1, payload: { type: 'PING', nonce: 0 }, bytes: 9 }]
          : effects,
      ),
    ],
    settlesOnce: [planted(twice('settle')), swap((effect) => (effect.type === 'settle' ? null : effect))],
    densePerSession: [
      swap((effect) =>
        effect.type === 'send' && effect.payload.type === 'SEND'
          ? { ...effect, payload: { ...effect.payload, clientSeq: effect.payload.clientSeq + 1 } }
          : effect,
      ),
    ],
    endsOnce: [planted(twice('report')), swap((effect) => (effect.type === 'report' ? null : effect))],
    deliversDensely: [planted(twice('deliver')), swap((effect) => (effect.type === 'replace' ? null : effect))],
    waitsByPolicy: [
      swap((effect) =>
        effect.type === 'setTimer' && effect.timer === 'retry'
          ? { ...effect, at: at(effect.at + seconds(90)) }
          : effect,
      ),
      swap((effect) =>
        effect.type === 'setTimer' && effect.why !== undefined
          ? { ...effect, why: { ...effect.why, attempt: 0 } }
          : effect,
      ),
    ],
  };
  for (const [name, machines] of Object.entries(bugs)) {
    machines.forEach((machine, i) => {
      test(`by the law that ${WATCHES[name]?.states} (${i + 1})`, { timeout: 60_000 }, () => {
        const law = fc.property(walk, (moves) => {
          const watch = WATCHES[name]?.watch(CONFIG);
          play(new Driver({ machine, watches: watch === undefined ? [] : [watch] }), moves);
        });
        expect(fc.check(law, { numRuns: 2000, endOnFailure: true, seed: 7 }).failed).toBe(true);
      });
    });
  }
  test('every law has one', () => {
    expect(Object.keys(bugs)).toEqual(Object.keys(WATCHES));
  });
});

describe('the size of a frame', () => {
  test('is the length of its encoding, for every frame and any text', () => {
    const key = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(frame, key, fc.nat(300), (any, text, bytes) => {
        const hello = { protoMin: 1, protoMax: 2, client: text, dial: 1, credit: 1, token: tokenOf(text) };
        const cursor = { stream: 1, epoch: 0, lastSeq: 0, limit: 9 };
        const streams = [
          { ...cursor, held: null },
          { ...cursor, held: { epoch: 1, seq: 2, limit: 3 } },
        ];
        const resume = { session: 1, resumeToken: 1, streams };
        const frames: Frame[] = [
          any,
          { type: 'SEND', clientSeq: 1, key: text, ask: -1, bytes },
          { type: 'SEND_ACK', clientSeq: 1, key: text, stream: 0 },
          { type: 'ERROR', code: 'internal', reason: text, clientSeq: 0, retryAfter: us(0) },
          { type: 'HELLO', ...hello, resume: null },
          { type: 'HELLO', ...hello, resume },
          { type: 'AUTH', token: tokenOf(text) },
        ];
        for (const sized of frames.filter(isEncodable).map(withSums)) {
          const body = new Uint8Array(sized.type === 'SEND' ? sized.bytes : 0);
          const encoded = encode(sized, (chunk) => new Uint8Array(chunk.end - chunk.start), body);
          expect(frameBytes(sized)).toBe(encoded.length);
        }
      }),
    );
  });
});

const tokenOf = (subject: string): Token => ({ subject, serial: 1, expiresAt: at(1), signature: 1 });

/** No send has the number 0. */
const isEncodable = (sized: Frame): boolean => sized.type === 'ERROR' || !('clientSeq' in sized) || sized.clientSeq > 0;

/** Checksums of the zeros that stand for content. */
const summed = (chunk: Chunk): Chunk => {
  const bytes = chunk.end - chunk.start;
  return { ...chunk, sum: checksum(new Uint8Array(bytes), 0, bytes) };
};
const withSums = (sized: Frame): Frame => {
  if (sized.type === 'DATA') return { ...sized, chunk: summed(sized.chunk) };
  return sized.type === 'SNAPSHOT' ? { ...sized, chunks: sized.chunks.map(summed) } : sized;
};
