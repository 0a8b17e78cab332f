/** What a page stores is enough to go on, and no more: loaded again, or opened a second time. */
import { describe, expect, test } from 'vitest';
import { client } from '../../src/session/client/session.ts';
import type { ClientState } from '../../src/session/client/state.ts';
import { duplicate, revive, type Stored, store } from '../../src/session/client/storage.ts';
import type { Frame } from '../../src/session/wire/frames.ts';
import { ms, seconds } from '../../src/time.ts';
import { type ClientMachine, CONFIG } from './client/driver.ts';
import { connected, World } from './client/world.ts';

/** A client in the middle of an answer, with a send that nobody has acknowledged. */
function midway(): World {
  const world = connected().submit('k1', 50).run(ms(200));
  world.swallow = 1;
  return world.submit('k2', -1).run(ms(50));
}

/** A client that starts on what was stored. */
const on = (stored: Stored | null): ClientMachine => ({ ...client, init: (config) => revive(config, stored) });

const hello = (world: World): Frame & { type: 'HELLO' } =>
  world.frames.find(({ frame }) => frame.type === 'HELLO')?.frame as Frame & { type: 'HELLO' };

describe('a page that is loaded again', () => {
  const stored = store(midway().driver.state);

  test('stores plain JSON, which is all that it needs', () => {
    expect(JSON.parse(JSON.stringify(stored))).toEqual(stored);
    const again = revive(CONFIG, stored);
    expect(store(again)).toEqual(stored);
    expect(again).toMatchObject({ doing: { phase: 'idle' }, dials: 0, outboxCount: 1, outboxBytes: 10 });
  });

  test('names its session and its cursors, and dials with a newer number', () => {
    const world = new World({ watched: false, machine: on(stored), config: { dialsFrom: 1_000_000 } })
      .start()
      .run(ms(100));
    const { lastSeq } = stored.streams[1] as Stored['streams'][number];
    expect(lastSeq).toBeGreaterThan(5);
    expect(hello(world)).toMatchObject({
      dial: 1_000_001,
      resume: { session: stored.session?.id, streams: [{ stream: 1, lastSeq }] },
    });
  });

  test('settles a send of its earlier life', () => {
    // The world is another one and knows no session, so what had been sent is unknown.
    const world = new World({ watched: false, machine: on(stored) }).start().run(seconds(1));
    expect(world.outcomes()).toEqual({ k2: 'unknown' });
    expect(world.errors()).toEqual(['session_expired']);
  });

  test('without anything stored is a new client', () => {
    expect(revive(CONFIG, null)).toEqual(client.init(CONFIG));
  });
});

describe('a second tab', () => {
  const copy = duplicate(store(midway().driver.state));

  test('has the session and the cursors, and none of the sends', () => {
    expect(copy.session).not.toBeNull();
    expect(Object.keys(copy.streams)).toEqual(['1']);
    expect(copy.sends).toEqual({});
  });

  test('numbers its own sends behind those that WELCOME says were taken', () => {
    const world = new World({ watched: false, machine: on(copy) }).start().submit('mine', -1);
    while (world.driver.state.doing.phase !== 'handshaking') world.run(ms(1));
    const { conn } = world.driver.state.doing;
    world.tell({ type: 'frame', conn, payload: welcome(copy, { sendAck: 7, streams: [1] }), bytes: 1 });
    const sends = world.frames.flatMap(({ frame }) => (frame.type === 'SEND' ? [[frame.key, frame.clientSeq]] : []));
    expect(sends).toEqual([['mine', 8]]);
  });
});

describe('a stream that another process of the client has finished', () => {
  const stored = store(midway().driver.state);
  const resume = (streams: readonly number[], from: Stored = stored): World => {
    const world = new World({ watched: false, machine: on(from) }).start();
    while (world.driver.state.doing.phase !== 'handshaking') world.run(ms(1));
    const { conn } = world.driver.state.doing;
    world.tell({ type: 'frame', conn, payload: welcome(stored, { sendAck: 2, streams }), bytes: 1 });
    return world;
  };

  test('is gone when WELCOME does not list it, and the application is told which', () => {
    const gone = (world: World) => world.told.filter((effect) => effect.type === 'report');
    expect(gone(resume([1]))).toEqual([]);
    expect(gone(resume([]))).toMatchObject([{ error: 'stream_gone', stream: 1 }]);
    expect((resume([]).driver.state as ClientState).streams).toEqual({});
  });

  test('is gone when a send is answered with its number and WELCOME did not list it', () => {
    for (const [clientSeq, told] of [
      [2, ['stream_gone']],
      [3, []],
    ] as const) {
      const sends = { [clientSeq]: { key: 'k', ask: 9, bytes: 1, sent: true } };
      const world = resume([1], { ...stored, sends, nextSend: clientSeq + 1 });
      const { conn } = world.driver.state.doing as { conn: number };
      world.tell({ type: 'frame', conn, payload: { type: 'SEND_ACK', clientSeq, key: 'k', stream: 5 }, bytes: 1 });
      expect(world.errors()).toEqual(told);
      expect(world.outcomes()).toEqual({ k: 'done' });
    }
  });

  test('is not gone when it was complete here before', () => {
    const streams = { 1: { ...(stored.streams[1] as Stored['streams'][number]), done: true } };
    const sends = { 2: { key: 'k', ask: 9, bytes: 1, sent: true } };
    const world = resume([], { ...stored, streams, sends });
    const { conn } = world.driver.state.doing as { conn: number };
    world.tell({ type: 'frame', conn, payload: { type: 'SEND_ACK', clientSeq: 2, key: 'k', stream: 1 }, bytes: 1 });
    expect(world.errors()).toEqual([]);
  });
});

function welcome({ session }: Stored, { sendAck, streams }: { sendAck: number; streams: readonly number[] }): Frame {
  return {
    type: 'WELCOME',
    proto: 1,
    session: session?.id ?? 0,
    resumeToken: 9,
    generation: 9,
    resumed: true,
    streams: streams.map((stream) => ({ stream, epoch: 1, headSeq: 50, resumed: true, reason: null })),
    sendAck,
    context: { turns: 2, digest: 0 },
    sessionTtl: seconds(120),
    heartbeatInterval: seconds(2),
    deadAfter: seconds(5),
  };
}
