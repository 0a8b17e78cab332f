/** The store alone, by script: writes, claims, reads, time to live, and what happens when it is in trouble. */
import { describe, expect, test } from 'vitest';
import { counting } from '../machines/looks.ts';
import { CONFIG, PlayedStore } from '../machines/store.ts';

describe('writes', () => {
  test('are answered when their fsync is complete, and those that came meanwhile with the next', () => {
    const played = new PlayedStore();
    played.stream(0);
    played.append(1);
    played.append(2);
    expect(played.last).toEqual([]);
    played.sync();
    expect(played.said('durable', 's1').map(({ seq }) => seq)).toEqual([1]);
    expect(played.said('appended', 'agent1').map(({ head }) => head)).toEqual([1]);
    played.sync();
    expect(played.said('durable').map(({ seq }) => seq)).toEqual([2]);
    expect(played.timers()).toEqual([]);
  });

  test('that a crash meets survive as a prefix, and are not answered', () => {
    const played = new PlayedStore();
    played.stream(0);
    for (let seq = 1; seq <= 4; seq++) played.append(seq);
    played.tell({ type: 'crash', keep: 500 });
    expect(played.last).toEqual([]);
    expect(played.state.sessions[1]?.streams[1]?.chunks).toHaveLength(2);
    played.tell({ type: 'started' });
    played.append(4);
    played.sync();
    expect(played.said('appended')[0]?.head).toBe(2);
  });

  test('of sends take effect once, in order, and a gap is not answered', () => {
    const played = new PlayedStore();
    played.claim(1);
    played.submit(2);
    played.sync();
    expect(played.last).toEqual([]);
    for (const seq of [1, 1, 2]) played.submit(seq);
    played.sync();
    played.sync();
    expect(played.said('submitted').map(({ clientSeq }) => clientSeq)).toEqual([1, 2]);
    expect(played.state.sessions[1]).toMatchObject({ sendAck: 2, turns: 2 });
  });
});

describe('ownership', () => {
  test('of a chunk is that of its append, also when the session has moved on', () => {
    const played = new PlayedStore();
    const { session, resumeToken } = played.stream(1);
    played.claim(2, { session, resumeToken });
    played.append(2, { generation: 1 });
    played.sync();
    expect(played.said('durable')[0]).toMatchObject({ seq: 2, generation: 1 });
  });

  test('moves to another server, whose predecessor is fenced and can append no more', () => {
    const played = new PlayedStore();
    const { session, resumeToken } = played.stream(1);
    const { generation } = played.claim(2, { session, resumeToken, from: 's2' });
    expect(generation).toBe(2);
    expect(played.said('fenced', 's1')[0]).toMatchObject({ session, generation: 2, op: 0 });
    played.append(2, { generation: 1 });
    played.sync();
    expect(played.said('durable')).toEqual([]);
    expect(played.said('fenced', 'agent1')[0]?.generation).toBe(2);
    expect(played.state.sessions[1]?.streams[1]?.chunks).toHaveLength(1);
  });

  test('is not for a dial that is older than the last, nor for a resume token that is not one of the last two, nor for somebody else', () => {
    const played = new PlayedStore();
    const { session, resumeToken } = played.claim(5);
    played.claim(4, { session, resumeToken, op: 77 });
    expect(played.said('fenced')[0]).toMatchObject({ op: 77 });
    // Nor for one that is as old, unless it is the very same request.
    played.claim(5, { session, resumeToken, op: 78 });
    expect(played.said('fenced')[0]).toMatchObject({ op: 78 });
    played.claim(6, { session, resumeToken: resumeToken + 1 });
    expect(played.said('fenced')).toEqual([{ type: 'fenced', session, generation: 1, op: 2 }]);
    played.claim(7, { session, resumeToken, client: 'c2' });
    expect(played.said('claimDenied')).toHaveLength(1);
  });

  test('is granted alike to a claim that is repeated', () => {
    const played = new PlayedStore();
    const first = played.claim(1, { op: 5 });
    expect(played.claim(1, { op: 5 })).toEqual(first);
  });

  test('of an earlier session ends with a new one of the client, and its owner hears of it', () => {
    const played = new PlayedStore();
    played.claim(1);
    const { session } = played.claim(2, { from: 's2' });
    expect(session).toBe(2);
    expect(played.said('expired', 's1')).toEqual([{ type: 'expired', session: 1 }]);
    expect(Object.keys(played.state.sessions)).toEqual(['2']);
    expect(played.state.owned).toEqual({ '@s1': {}, '@s2': { 2: true } });
  });
});

describe('a session', () => {
  test('that is detached lives as long as it should, and no longer', () => {
    const played = new PlayedStore();
    played.claim(1);
    played.hear({ type: 'detach', op: 9, session: 1, generation: 1 });
    played.sync();
    expect(played.said('noted')).toEqual([{ type: 'noted', op: 9 }]);
    played.pass(CONFIG.sessionTtl - 1);
    expect(played.state.sessions).toHaveProperty('1');
    played.pass(1);
    expect(played.said('expired', 's1')).toHaveLength(1);
    expect(played.state).toMatchObject({ sessions: {}, byClient: {}, owned: { '@s1': {} } });
  });

  test('is not detached by whoever owned it before', () => {
    const played = new PlayedStore();
    const { session, resumeToken } = played.claim(1);
    played.claim(2, { session, resumeToken });
    played.hear({ type: 'detach', op: 9, session: 1, generation: 1 });
    played.sync();
    expect(played.timers()).toEqual([]);
  });

  test('that was claimed for a connection which is gone is detached when the claim is withdrawn, unless a newer one took it', () => {
    const played = new PlayedStore();
    const { session, resumeToken } = played.claim(1, { op: 7 });
    const withdraw = { type: 'withdraw', op: 9, client: 'c1' } as const;
    played.hear({ ...withdraw, claim: 6, conn: 1, dial: 1 });
    played.sync();
    expect(played.said('withdrawn')).toEqual([{ type: 'withdrawn', op: 9, session: 0, generation: 0 }]);
    expect(played.timers()).toEqual([]);
    played.hear({ ...withdraw, claim: 7, conn: 1, dial: 1 });
    played.sync();
    expect(played.said('withdrawn')).toEqual([{ type: 'withdrawn', op: 9, session: 1, generation: 1 }]);
    expect(played.timers()).toEqual(['ttl 1']);
    played.claim(2, { session, resumeToken, op: 8 });
    played.hear({ ...withdraw, claim: 7, conn: 1, dial: 1 });
    played.sync();
    expect(played.said('withdrawn')[0]?.session).toBe(0);
    expect(played.timers()).toEqual([]);
  });

  test('loses its owner when that one starts again, unless the new process has claimed it since', () => {
    const played = new PlayedStore();
    played.claim(1, { op: 10 });
    played.claim(1, { op: 30, client: 'c2' });
    played.claim(1, { op: 10, client: 'c3', from: 's2' });
    played.hear({ type: 'recover', op: 20 });
    played.sync();
    const owners = Object.values(played.state.sessions).map(({ owner }) => owner);
    expect(owners).toEqual(['', 's1', 's2']);
    expect(played.timers()).toEqual(['ttl 1']);
  });

  test('without an owner takes no chunk, however new its generation', () => {
    const played = new PlayedStore();
    played.stream(1);
    played.hear({ type: 'recover', op: 1_000 });
    played.append(2);
    played.sync();
    played.sync();
    expect(played.said('fenced', 'agent1')).toHaveLength(1);
    expect(played.state.sessions[1]?.streams[1]?.chunks).toHaveLength(1);
  });

  test('keeps a stream that begins anew, whatever was processed of it before', () => {
    const played = new PlayedStore({ regenerate: true });
    const { session, resumeToken } = played.stream(3);
    played.claim(2, { session, resumeToken, from: 's2' });
    played.append(1, { generation: 2, epoch: 2, fin: true });
    played.sync();
    played.hear({ type: 'acked', session, generation: 1, stream: 1, epoch: 1, seq: 3 });
    played.sync();
    played.read(1, { generation: 2, epoch: 2 });
    expect(played.said('entries')[0]).toMatchObject({ epoch: 2, head: 1 });
  });

  test('of another server costs a restart nothing', () => {
    const played = new PlayedStore();
    for (let n = 1; n <= 200; n++) played.claim(1, { client: `c${n}`, from: n === 7 ? 's1' : 's2' });
    const { part, looks } = counting(played.state.sessions, 200);
    played.state.sessions = part;
    played.hear({ type: 'recover', op: 1_000 });
    played.sync();
    expect(played.timers()).toEqual(['ttl 7']);
    expect(looks()).toBeLessThan(5);
  });
});

describe('a read', () => {
  test('is answered at once from what is durable', () => {
    const played = new PlayedStore();
    played.stream(3);
    played.append(4);
    played.read(2);
    expect(played.said('entries')[0]).toMatchObject({ from: 2, head: 3, chunks: [{ start: 100 }, { start: 200 }] });
  });

  test('of an owner that was never told of its fence tells it', () => {
    const played = new PlayedStore();
    const { session, resumeToken } = played.stream(1);
    played.claim(2, { session, resumeToken, from: 's2' });
    played.read(1, { generation: 1 });
    expect(played.said('fenced', 's1')[0]).toMatchObject({ generation: 2, op: 0 });
    expect(played.said('entries')).toEqual([]);
  });

  test('of a stream that is complete and processed says that it was dropped; of a session that is gone, that too', () => {
    const played = new PlayedStore();
    played.stream(0);
    played.append(1, { fin: true });
    played.sync();
    played.hear({ type: 'acked', session: 1, generation: 1, stream: 1, epoch: 1, seq: 1 });
    played.sync();
    played.read(2, { op: 33 });
    expect(played.said('dropped')).toEqual([{ type: 'dropped', op: 33, session: 1, stream: 1 }]);
    played.hear({ type: 'release', op: 9, session: 1, generation: 1 });
    played.sync();
    played.read(2);
    expect(played.said('expired')).toHaveLength(1);
  });
});

describe('a store in trouble', () => {
  test('that is slow answers reads late and in order, and all of them at once when it is slow no more', () => {
    const played = new PlayedStore();
    played.stream(2);
    played.tell({ type: 'slow', by: 300_000 as never });
    played.read(1, { op: 1 });
    played.pass(100_000);
    played.read(2, { op: 2 });
    played.pass(200_000);
    expect(played.said('entries').map(({ op }) => op)).toEqual([1]);
    played.tell({ type: 'slow', by: 0 as never });
    expect(played.said('entries').map(({ op }) => op)).toEqual([2]);
    expect(played.timers()).toEqual([]);
  });

  test('that some cannot reach hears and answers the others', () => {
    const played = new PlayedStore();
    played.stream(1);
    played.tell({ type: 'part', nodes: ['agent1'], on: true });
    played.append(2);
    played.sync();
    expect(played.last).toEqual([]);
    played.read(1);
    expect(played.said('entries')).toHaveLength(1);
    played.tell({ type: 'part', nodes: [], on: true });
    played.read(1);
    expect(played.last).toEqual([]);
    for (const nodes of [[], ['agent1']]) played.tell({ type: 'part', nodes, on: false });
    played.append(2);
    played.sync();
    expect(played.said('durable')).toHaveLength(1);
  });

  test('that some cannot reach finishes their writes, and they do not hear of it', () => {
    const played = new PlayedStore();
    played.stream(1);
    played.append(2);
    played.tell({ type: 'part', nodes: ['agent1'], on: true });
    played.sync();
    expect(played.effects('post').map(({ to }) => to)).toEqual(['s1']);
    expect(played.state.sessions[1]?.streams[1]?.chunks).toHaveLength(2);
  });

  test('whose replica stopped following reads what was, and nothing of what it does not know', () => {
    const played = new PlayedStore({ regenerate: true });
    const { session, resumeToken } = played.stream(2);
    played.tell({ type: 'stale', on: true });
    played.pass(1_000);
    played.append(3);
    played.sync();
    played.read(1);
    expect(played.said('entries')[0]).toMatchObject({ head: 2, epoch: 1 });
    // A take-over begins the answer anew: the replica still has the old one.
    played.claim(2, { session, resumeToken, from: 's2' });
    played.append(1, { generation: 2, epoch: 2, from: 'agent2' });
    played.sync();
    played.read(1, { generation: 2, epoch: 2 });
    expect(played.said('entries')[0]).toMatchObject({ head: 2, epoch: 1, chunks: [] });
    played.tell({ type: 'stale', on: false });
    played.read(1, { generation: 2, epoch: 2 });
    expect(played.said('entries')[0]).toMatchObject({ head: 1, epoch: 2 });
    played.tell({ type: 'stale', on: true });
    played.hear({ type: 'read', op: 1, session: 9, generation: 1, stream: 1, epoch: 1, from: 1, bytes: 1 });
    expect(played.last).toEqual([]);
  });

  test('whose disk fails says so to those who wait, and has written nothing', () => {
    const played = new PlayedStore();
    played.stream(1);
    played.tell({ type: 'fail', share: 1000 });
    played.submit(2);
    played.append(2);
    played.sync();
    expect(played.said('failed')).toHaveLength(1);
    played.sync();
    expect(played.said('durable')).toEqual([]);
    expect(played.said('appended')[0]?.head).toBe(1);
    expect(played.state.sessions[1]?.sendAck).toBe(1);
    played.tell({ type: 'fail', share: 0 });
    played.submit(2);
    played.sync();
    expect(played.said('submitted')).toHaveLength(1);
  });

  test('that starts again is in none', () => {
    const played = new PlayedStore();
    played.stream(1);
    played.tell({ type: 'slow', by: 300_000 as never });
    played.tell({ type: 'part', nodes: [], on: true });
    played.tell({ type: 'crash', keep: 0 });
    played.tell({ type: 'started' });
    played.read(1);
    expect(played.said('entries')).toHaveLength(1);
  });
});

describe('a backup that takes the place of the disk', () => {
  /** Session 1 without a connection, its only answer complete; then a backup. */
  const backedUp = () => {
    const played = new PlayedStore();
    const claimed = played.stream(0);
    played.append(1, { fin: true });
    played.sync();
    played.hear({ type: 'detach', op: 50, session: 1, generation: 1 });
    played.sync();
    played.tell({ type: 'backup' });
    return { played, ...claimed };
  };
  const restored = (played: PlayedStore): void => {
    played.tell({ type: 'crash', keep: 0 });
    played.tell({ type: 'restore' });
  };

  test('keeps a session that nothing can have happened to, at a generation that nobody had', () => {
    const { played, session, resumeToken } = backedUp();
    restored(played);
    expect(played.effects('rewind')).toMatchObject([{ session, client: 'c1' }]);
    played.tell({ type: 'started' });
    expect(played.timers()).toEqual(['ttl 1']);
    const again = played.claim(2, { session, resumeToken, from: 's2' });
    expect(again).toMatchObject({ session, resumed: true, sendAck: 1 });
    expect(again.streams).toMatchObject([{ stream: 1, head: 1, done: true }]);
    expect(again.generation).toBeGreaterThan(1_000);
  });

  test('kept a second time by one backup, it is at a generation that nobody had either', () => {
    const { played, session, resumeToken } = backedUp();
    restored(played);
    played.tell({ type: 'started' });
    const first = played.claim(2, { session, resumeToken });
    restored(played);
    expect(played.state.sessions[session]?.generation).toBeGreaterThan(first.generation + 1_000);
  });

  test('ends one that has gone on since for a client that shows what it was given there', () => {
    const { played, session, resumeToken } = backedUp();
    const since = played.claim(2, { session, resumeToken });
    played.submit(2, { generation: 2 });
    played.sync();
    restored(played);
    const next = played.claim(3, { session, resumeToken: since.resumeToken });
    expect(next).toMatchObject({ resumed: false, sendAck: 0, streams: [] });
    expect(next.session).toBeGreaterThan(session);
    expect(Object.keys(played.state.sessions)).toEqual([`${next.session}`]);
  });

  test('ends all that had a connection, or an answer under way, and says whose', () => {
    const attached = new PlayedStore();
    attached.stream(1);
    attached.tell({ type: 'backup' });
    restored(attached);
    expect(attached.effects('own')).toMatchObject([{ session: 1, client: 'c1', server: '' }]);
    const streaming = new PlayedStore();
    const { session, resumeToken } = streaming.stream(1);
    streaming.hear({ type: 'detach', op: 50, session: 1, generation: 1 });
    streaming.sync();
    streaming.tell({ type: 'backup' });
    restored(streaming);
    expect(streaming.claim(2, { session, resumeToken })).toMatchObject({ resumed: false, streams: [] });
  });

  test('is told to whoever still works for a session: lost, and not taken over by anybody', () => {
    const { played, session, resumeToken } = backedUp();
    played.claim(2, { session, resumeToken });
    restored(played);
    played.read(1, { generation: 2 });
    expect(played.said('lost', 's1')).toEqual([{ type: 'lost', session }]);
    played.submit(2, { generation: 2 });
    played.sync();
    expect(played.said('lost', 's1')).toEqual([{ type: 'lost', session }]);
    expect(played.said('fenced')).toEqual([]);
    // Its client comes back with what it has; from then on an older owner is one that was taken over from.
    played.claim(3, { session, resumeToken, from: 's2' });
    played.read(1, { generation: 2 });
    expect(played.said('lost')).toEqual([]);
    expect(played.said('fenced', 's1')).toHaveLength(1);
  });

  test('is a copy: what is written behind it changes nothing of it', () => {
    const { played, session, resumeToken } = backedUp();
    const before = JSON.stringify(played.state.backup);
    const { resumeToken: next } = played.claim(2, { session, resumeToken });
    played.submit(2, { generation: 2 });
    played.sync();
    played.hear({ type: 'acked', session, generation: 2, stream: 1, epoch: 1, seq: 1 });
    played.sync();
    expect(next).not.toBe(resumeToken);
    expect(JSON.stringify(played.state.backup)).toBe(before);
    restored(played);
    expect(played.state.sessions[session]?.streams[1]?.chunks).toHaveLength(1);
    expect(JSON.stringify(played.state.backup)).toBe(before);
  });

  test('forgets what became of claims, and never numbers a session twice', () => {
    const played = new PlayedStore();
    played.claim(1, { op: 5 });
    played.tell({ type: 'backup' });
    restored(played);
    const again = played.claim(1, { op: 5 });
    expect(again).toMatchObject({ session: 2, resumed: false });
  });
});
