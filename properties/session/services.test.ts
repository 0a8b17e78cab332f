/** The token service and the agent alone, by script. */
import { describe, expect, test } from 'vitest';
import { agent } from '../../src/session/agent/agent.ts';
import type { WorkPace } from '../../src/session/agent/config.ts';
import { auth } from '../../src/session/auth/auth.ts';
import type { Message } from '../../src/session/services.ts';
import type { Token } from '../../src/session/wire/frames.ts';
import { at, minutes, ms, seconds } from '../../src/time.ts';
import { Drive } from '../machines/drive.ts';
import { chunks } from '../machines/server.ts';

const LEEWAY = seconds(5);
const TTL = minutes(60);

function service(secret = 7) {
  const drive = new Drive(auth, { node: 'auth', tokenTtl: TTL, secret, leeway: LEEWAY });
  const issue = (subject = 'c1'): Token => {
    drive.tell({ type: 'message', from: subject, message: { type: 'issue', op: 1, subject } });
    const { message } = drive.last[0] as { message: { type: string } };
    return (message as unknown as { token: Token }).token;
  };
  const verify = (
    token: Token,
    { subject = 'c1', from = 's1' } = {},
  ): { verdict: string; expiresAt: number; lives: number } => {
    drive.tell({ type: 'message', from, message: { type: 'verify', op: 1, token, subject } });
    return (drive.last[0] as { message: unknown }).message as { verdict: string; expiresAt: number; lives: number };
  };
  return { drive, issue, verify };
}

describe('a token', () => {
  test('is good until its leeway is over, and whoever verifies it is told until when', () => {
    const { drive, issue, verify } = service();
    const token = issue();
    drive.pass(TTL + LEEWAY);
    expect(verify(token)).toMatchObject({ verdict: 'ok', expiresAt: TTL + LEEWAY });
    drive.pass(1);
    expect(verify(token).verdict).toBe('expired');
  });

  test('of somebody else, of another service, or with another field than was signed, is forged', () => {
    const { issue, verify } = service();
    const token = issue();
    expect(verify(service(8).issue()).verdict).toBe('forged');
    expect(verify(token, { subject: 'c2' }).verdict).toBe('forged');
    expect(verify({ ...token, subject: 'c2' }, { subject: 'c2' }).verdict).toBe('forged');
    // A serial that could be raised would outlive its revocation.
    expect(verify({ ...token, serial: token.serial + 1 }).verdict).toBe('forged');
    for (const more of [1, 2 ** 32])
      expect(verify({ ...token, expiresAt: at(token.expiresAt + more) }).verdict).toBe('forged');
  });

  test('that is revoked is worth nothing, its verifiers hear of it once each, and a newer one is good', () => {
    const { drive, issue, verify } = service();
    const token = issue();
    for (const from of ['s1', 's2', 's1']) verify(token, { from });
    verify(issue('c2'), { subject: 'c2', from: 's3' });
    // Who was told that it is forged let nobody in.
    verify({ ...token, signature: token.signature + 1 }, { from: 's4' });
    drive.tell({ type: 'revoke', subject: 'c1' });
    const message = { type: 'revoked', subject: 'c1', serial: 2 };
    expect(drive.effects('post')).toEqual(['s1', 's2'].map((to) => ({ type: 'post', to, message })));
    expect(verify(token).verdict).toBe('revoked');
    expect(verify(issue()).verdict).toBe('ok');
  });

  test('lives short while lives are shortened: new ones by what they say, old ones from then on', () => {
    const { drive, issue, verify } = service();
    const old = issue();
    drive.pass(1_000_000);
    drive.tell({ type: 'shorten', ttl: seconds(2) });
    drive.pass(1_500_000);
    const young = issue();
    expect(young.expiresAt).toBe(4_500_000);
    expect(verify(old)).toMatchObject({ verdict: 'ok', expiresAt: 3_000_000 + LEEWAY });
    drive.pass(5_600_000);
    expect(verify(old).verdict).toBe('expired');
    expect(verify(young).verdict).toBe('ok');
    drive.tell({ type: 'shorten', ttl: seconds(0) });
    expect(verify(old).verdict).toBe('ok');
  });

  test('lives no longer than it would have when lives are shortened to more than is left of its own', () => {
    const { drive, issue, verify } = service();
    const old = issue();
    drive.pass(1_000_000);
    drive.tell({ type: 'shorten', ttl: minutes(120) });
    expect(verify(old).expiresAt).toBe(TTL + LEEWAY);
    expect(issue().expiresAt).toBe(1_000_000 + TTL);
  });

  test('lives as long as the configuration says when the service starts again, whatever was the matter before', () => {
    const { drive, issue, verify } = service();
    const old = issue();
    drive.tell({ type: 'shorten', ttl: seconds(2) });
    drive.tell({ type: 'clock', ahead: TTL + LEEWAY });
    drive.tell({ type: 'started' });
    drive.pass(10_000_000);
    expect(verify(old).verdict).toBe('ok');
    expect(issue().expiresAt).toBe(10_000_000 + TTL);
  });

  test('lives on as long as the clock of the service says, and no longer once it is refused', () => {
    const { drive, issue, verify } = service();
    const token = issue();
    drive.pass(1_000_000);
    expect(verify(token).lives).toBe(TTL + LEEWAY - 1_000_000);
    drive.tell({ type: 'clock', ahead: 2_000_000 });
    expect(verify(token).lives).toBe(TTL + LEEWAY - 3_000_000);
    expect(verify(token, { subject: 'c2' }).lives).toBe(0);
  });

  test('is judged by the clock of the service', () => {
    const { drive, issue, verify } = service();
    const token = issue();
    drive.tell({ type: 'clock', ahead: TTL + LEEWAY + 1 });
    expect(verify(token).verdict).toBe('expired');
    expect(issue().expiresAt).toBe(TTL + LEEWAY + 1 + TTL);
    drive.tell({ type: 'clock', ahead: 0 });
    expect(verify(token).verdict).toBe('ok');
    drive.tell({ type: 'clock', ahead: 7_000_000 });
    drive.tell({ type: 'shorten', ttl: seconds(2) });
    expect(verify(token).expiresAt).toBe(9_000_000 + LEEWAY);
  });

  test('from before the beginning of time expires at its beginning', () => {
    const { drive, issue } = service();
    drive.tell({ type: 'clock', ahead: -2 * TTL });
    expect(issue().expiresAt).toBe(0);
  });

  test('that is revoked and expired is revoked: its client must not come back with a new one unasked', () => {
    const { drive, issue, verify } = service();
    const token = issue();
    drive.tell({ type: 'revoke', subject: 'c1' });
    drive.pass(TTL + LEEWAY + 1);
    expect(verify(token).verdict).toBe('revoked');
  });
});

describe('an agent', () => {
  const working = (work: WorkPace | null = null) => {
    const drive = new Drive(agent, {
      node: 'agent1',
      store: 'store',
      contents: [chunks(1, 50, true)],
      firstChunk: ms(100),
      chunkInterval: ms(20),
      appendsMax: 4,
      work,
      appendTimeout: ms(500),
    });
    const generate = (over: Partial<Message & { type: 'generate' }> = {}) => {
      const asked = { type: 'generate', session: 1, generation: 1, stream: 1, epoch: 1, content: 0, head: 0 } as const;
      drive.tell({ type: 'message', from: 's1', message: { ...asked, ...over } });
    };
    generate();
    const confirm = (head: number) => {
      const confirmed = { type: 'appended', session: 1, generation: 1, stream: 1, epoch: 1, head } as const;
      drive.tell({ type: 'message', from: 'store', message: confirmed });
    };
    return { drive, generate, confirm };
  };
  const produced = (drive: ReturnType<typeof working>['drive']): number[] =>
    drive.effects('produce').map(({ seq }) => seq);

  test('thinks no further than its window, and repeats what was not confirmed', () => {
    const { drive, confirm } = working();
    drive.pass(1_000);
    drive.pass(400_000);
    expect(produced(drive)).toEqual([1, 2, 3, 4]);
    drive.pass(250_000);
    expect(drive.effects('post')).toHaveLength(4);
    drive.pass(500_000);
    expect(drive.effects('post')).toHaveLength(4);
    confirm(4);
    drive.pass(40_000);
    expect(produced(drive)[0]).toBe(5);
    drive.pass(500_000);
    expect(drive.effects('post').filter(({ message }) => message.type === 'append' && message.seq === 5)).toHaveLength(
      1,
    );
  });

  test('that is fenced stops until a newer owner asks for the same answer', () => {
    const { drive, generate } = working();
    drive.pass(110_000);
    drive.tell({ type: 'message', from: 'store', message: { type: 'fenced', session: 1, generation: 2, op: 0 } });
    drive.pass(2_000_000);
    expect(drive.last.filter(({ type }) => type === 'post' || type === 'produce')).toEqual([]);
    generate({ generation: 2 });
    expect(drive.effects('post')[0]?.message).toMatchObject({ type: 'append', generation: 2, seq: 1 });
  });

  test('that was fenced thinks on, also if a chunk was due meanwhile', () => {
    const { drive, generate, confirm } = working();
    drive.pass(110_000);
    drive.tell({ type: 'message', from: 'store', message: { type: 'fenced', session: 1, generation: 2, op: 0 } });
    drive.pass(400_000);
    generate({ generation: 2 });
    confirm(1);
    drive.pass(20_000);
    expect(produced(drive)).toEqual([2]);
  });

  test('that has a newer owner is not stopped or sent back by what is older', () => {
    const { drive, generate } = working();
    drive.pass(110_000);
    generate({ generation: 3 });
    drive.tell({ type: 'message', from: 'store', message: { type: 'fenced', session: 1, generation: 3, op: 0 } });
    generate({ generation: 2 });
    drive.pass(40_000);
    expect(produced(drive)[0]).toBe(2);
    expect(drive.effects('post')[0]?.message).toMatchObject({ type: 'append', generation: 3 });
  });

  test('that stalls says nothing new, and goes on where it stopped', () => {
    const { drive, confirm } = working();
    drive.pass(110_000);
    expect(produced(drive)).toEqual([1]);
    drive.tell({ type: 'stall', on: true });
    confirm(1);
    drive.pass(3_000_000);
    expect(produced(drive)).toEqual([]);
    drive.tell({ type: 'stall', on: false });
    // To be told so again does not put its next chunk off.
    drive.pass(15_000);
    drive.tell({ type: 'stall', on: false });
    drive.pass(5_000);
    expect(produced(drive)).toEqual([2]);
  });

  test.each(['expired', 'stop'] as const)('that is told %s forgets what it was about to say', (type) => {
    const { drive } = working();
    drive.pass(110_000);
    drive.tell({ type: 'message', from: type === 'stop' ? 's1' : 'store', message: { type, session: 1 } });
    expect(drive.timers()).toEqual([]);
    expect(drive.state).toMatchObject({ jobs: {}, sessions: {} });
  });

  test('begins after the time to the first chunk, and goes on behind a head at the pace of chunks', () => {
    const { drive, generate } = working();
    drive.pass(99_999);
    expect(produced(drive)).toEqual([]);
    drive.pass(1);
    expect(produced(drive)).toEqual([1]);
    generate({ stream: 2, head: 7 });
    drive.pass(30_000);
    expect(drive.effects('produce').find(({ stream }) => stream === 2)?.seq).toBe(8);
  });

  test('goes on behind the durable head, whoever tells it, also if it has not thought so far', () => {
    const { drive, generate, confirm } = working();
    drive.pass(100_000);
    generate({ head: 5 });
    drive.pass(30_000);
    expect(produced(drive)[0]).toBe(6);
    confirm(20);
    drive.pass(30_000);
    expect(produced(drive)[0]).toBe(21);
    // What comes late takes nothing back.
    generate({ head: 5 });
    confirm(5);
    drive.pass(30_000);
    expect(produced(drive)[0]).toBeGreaterThan(21);
  });

  test('that begins anew has one answer in the making, and takes nothing of the older epoch for it', () => {
    const { drive, generate, confirm } = working();
    drive.pass(110_000);
    generate({ epoch: 2 });
    confirm(30);
    generate({ epoch: 1, head: 30 });
    expect(Object.values(drive.state.jobs)).toMatchObject([{ epoch: 2, produced: 0, head: 0 }]);
    drive.pass(100_000);
    expect(drive.effects('produce')[0]).toMatchObject({ epoch: 2, seq: 1 });
  });

  test('has nothing to make of an answer whose last chunk is durable', () => {
    const { drive, generate } = working();
    generate({ stream: 2, head: 50 });
    expect(Object.values(drive.state.jobs)).toMatchObject([{ stream: 1 }]);
  });

  test('keeps the pace of its chunks when a confirmation comes, and waits for none when all is confirmed', () => {
    const { drive, confirm } = working();
    drive.pass(100_000);
    confirm(1);
    expect(drive.effects('setTimer')).toEqual([]);
    expect(drive.timers()).toEqual(['chunk 1']);
  });

  test('whose answer is complete keeps the other answers of its session', () => {
    const { drive, generate, confirm } = working();
    generate({ stream: 2 });
    confirm(50);
    expect(drive.state.sessions).toEqual({ 1: { 2: 2 } });
    drive.pass(100_000);
    expect(produced(drive)).toEqual([1]);
  });

  test('waits for a tool before the chunk that uses its result', () => {
    const { drive } = working({ toolEvery: 2, toolTime: ms(300), memoryEvery: 9, memoryKeys: 1 });
    drive.pass(100_000);
    drive.pass(309_999);
    expect(produced(drive)).toEqual([]);
    drive.pass(20_001);
    expect(produced(drive)[0]).toBe(2);
  });

  test('waits for none before the last chunk, which completes the step instead', () => {
    const { drive, confirm } = working({ toolEvery: 50, toolTime: seconds(9), memoryEvery: 9, memoryKeys: 1 });
    drive.pass(100_000);
    confirm(48);
    drive.pass(30_000);
    expect(produced(drive)).toEqual([49]);
    drive.pass(30_000);
    expect(produced(drive)).toEqual([50]);
  });
});
