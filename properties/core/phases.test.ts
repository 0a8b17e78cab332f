/** Phases are seen from history: in histories written by hand, and in runs of the catalogue, where each of them is entered. */
import { describe, expect, test } from 'vitest';
import { NEUTRAL_PHASES, notePhases, type Phases, phasesOf } from '../../sim/core/phases.ts';
import { type Moment, run } from '../../sim/core/run.ts';
import { PHASES } from '../../sim/session/phases.ts';
import { type SessionScenario, session } from '../../sim/session/protocol.ts';
import { SCENARIOS, scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { Entry } from '../../src/history.ts';
import { at, ms, seconds } from '../../src/time.ts';
import {
  chunk,
  data,
  FACTS,
  goaway,
  hello,
  honest,
  TOKEN,
  type Written,
  welcome,
  written,
} from '../laws/session/written.ts';

const NODES = [
  { id: 'c1', role: 'client' },
  { id: 'lb', role: 'balancer' },
  { id: 's1', role: 'server' },
  { id: 'store', role: 'store' },
] as never;

/** The phases that a party went through, `~` ahead of those that it went back to, from the one in which it began. */
function through(history: Written, node: string, kinds: Phases = PHASES): readonly string[] {
  const seen: string[] = [];
  const note = (mark: string) => (of: string, phase: string) => void (of === node && seen.push(`${mark}${phase}`));
  const watch = notePhases(kinds, FACTS, { nodes: NODES }, { entered: note(''), returned: note('~') });
  for (const entry of history.entries) watch.note(entry as Entry);
  return seen;
}

const ended = (run: Written, conn: number): Written => run.close(conn).tell('connection_lost').retry(ms(700));
const REPLAYS = { stream: 1, epoch: 1, headSeq: 3, resumed: true, reason: null };
/** A WELCOME with a stream to replay, to a client whose dial is open. */
const replaying = (run: Written, conn: number): Written =>
  run.hear(conn, { ...welcome(1, 2, true), streams: [REPLAYS] } as never);

describe('a client', () => {
  test('dials, shakes hands, is live, waits, and comes back', () => {
    expect(through(honest(), 'c1')).toEqual([
      'idle',
      'dialling',
      'handshaking',
      'live',
      'waiting',
      'dialling',
      'handshaking',
      'live',
      'ended',
    ]);
  });

  test('refreshes its token before it dials, ahead in a wait, and beside its connection', () => {
    const asks = (run: Written): Written => run.next().say('requested', 'c1', { what: 'token', conn: 0 });
    const run = asks(written().intent('start')).wait(ms(20)).connect(1);
    asks(run).wait(ms(20)).send(1, 'c1', { type: 'AUTH', token: TOKEN });
    asks(ended(run, 1));
    expect(through(run, 'c1')).toEqual([
      'idle',
      'refreshing-token',
      'dialling',
      'handshaking',
      'live',
      'refreshing-token',
      '~live',
      'waiting',
    ]);
  });

  test('replays, is given a snapshot meanwhile, and is live only then', () => {
    const run = ended(written().intent('start').connect(1), 1).dial(2).open(2);
    replaying(run, 2).hear(2, { type: 'RESET', stream: 1, reason: 'window_exceeded', epoch: 1, oldestSeq: 2, held: 0 });
    run.hear(2, { type: 'SNAPSHOT', stream: 1, epoch: 1, seq: 3, chunks: [chunk(1)], last: false });
    run.hear(2, { type: 'SNAPSHOT', stream: 1, epoch: 1, seq: 3, chunks: [chunk(2)], last: true });
    run.hear(2, { type: 'REPLAY_END', stream: 1, epoch: 1, seq: 3 }).hear(2, data(4));
    expect(through(run, 'c1').slice(4)).toEqual([
      'waiting',
      'dialling',
      'handshaking',
      'replaying',
      'snapshotting',
      '~replaying',
      'live',
    ]);
  });

  test('hands over from the notice on, until it is welcomed elsewhere', () => {
    const run = written().intent('start').connect(1).hear(1, goaway).dial(2).open(2);
    run.carry(2, 'c1', 's1', hello(2)).welcome(2, { generation: 2 }).close(1, 1000);
    expect(through(run, 'c1').slice(3)).toEqual(['live', 'handing-over', 'live']);
  });

  test('goes on with the second connection when the first dies', () => {
    const run = written().intent('start').connect(1).intent('moved').dial(2).close(1).open(2).welcome(2);
    expect(through(run, 'c1').slice(3)).toEqual(['live', 'handing-over', 'dialling', 'handshaking', 'live']);
  });

  test('keeps a connection while its device says offline, and is offline when it has none', () => {
    const run = written().intent('start').connect(1).intent('offline').close(1).intent('online').dial(2);
    expect(through(run, 'c1').slice(3)).toEqual(['live', 'offline', 'dialling']);
    expect(through(written().intent('offline').intent('start'), 'c1')).toEqual(['idle', 'offline']);
  });

  test('ends by an error that is final, and by no other', () => {
    const run = written().intent('start').dial(1);
    expect(through(run.tell('connect_timeout'), 'c1').at(-1)).toBe('dialling');
    expect(through(run.tell('attempts_exhausted').retry(ms(1)), 'c1').at(-1)).toBe('ended');
  });

  test('begins anew with its page', () => {
    const run = written().intent('start').connect(1).next().say('crashed', 'c1', { how: 'process' });
    expect(through(run.intent('start').dial(2), 'c1').slice(3)).toEqual(['live', 'idle', 'dialling']);
  });
});

test('a server claims until the last claim is answered, drains, and goes down', () => {
  const run = written();
  const claims = (conn: number): Written => run.next().say('requested', 's1', { what: 'claim', conn });
  claims(1);
  claims(2);
  claims(2)
    .send(1, 's1', welcome(1, 1, false))
    .say('closed', 's1', { conn: 2, code: 1006, reason: '', status: 0 });
  claims(3)
    .next()
    .say('fault', 's1', { fault: 0, name: 'drain', begins: true })
    .send(3, 's1', welcome(2, 1, false));
  claims(4)
    .send(4, 's1', welcome(3, 1, false))
    .send(1, 's1', goaway)
    .next()
    .say('crashed', 's1', { how: 'exit' });
  run.next().say('fault', 's1', { fault: 1, name: 'drain', begins: true }).say('restarted', 's1', {});
  expect(through(run, 's1')).toEqual([
    'up',
    'claiming',
    'claiming',
    '~up',
    'claiming',
    'draining',
    'claiming',
    '~draining',
    'down',
    'up',
  ]);
});

test('a store syncs what was written, and what came meanwhile behind it', () => {
  const run = written();
  const writes = (): Written => run.wait(ms(1)).say('writes', 'store', { from: 'agent1' });
  const fires = (): Written => run.wait(ms(2)).say('timerFired', 'store', { timer: 'fsync', key: 0 });
  writes();
  fires();
  writes();
  writes();
  writes();
  fires();
  fires();
  writes().say('crashed', 'store', { how: 'process' }).say('restarted', 'store', {});
  writes();
  expect(through(run, 'store')).toEqual([
    'idle',
    'fsync',
    '~idle',
    'fsync',
    'writing',
    'fsync',
    '~idle',
    'fsync',
    'down',
    'idle',
    'fsync',
  ]);
});

test('without words of a protocol a client is seen by its connections', () => {
  const run = written().intent('start').dial(1).wait(ms(5)).open(1).close(1).wait(seconds(1)).dial(2).dial(3).close(2);
  run.open(3).hangUp(3).intent('leave').next().say('crashed', 'lb', { how: 'process' });
  expect(through(run, 'c1', NEUTRAL_PHASES)).toEqual([
    'idle',
    'dialling',
    'open',
    'waiting',
    'dialling',
    'dialling',
    'open',
    'waiting',
    'ended',
  ]);
  expect(through(run, 'lb', NEUTRAL_PHASES)).toEqual(['up', 'down']);
});

const momentsOf = (name: string, seed: number, more: object = {}): readonly Moment[] => {
  const moments: Moment[] = [];
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  run(scenario, seed, { ...more, phase: (moment) => moments.push(moment) });
  return moments;
};

describe('in runs', () => {
  /** What may lead to what: the phase ahead of each. */
  const AHEAD: Readonly<Record<string, readonly string[]>> = {
    handshaking: ['dialling', 'handing-over'],
    replaying: ['handshaking', 'handing-over', 'snapshotting', 'refreshing-token'],
    snapshotting: ['replaying', 'live', 'snapshotting', 'refreshing-token'],
  };
  const seen = new Set<string>();
  for (const { name } of SCENARIOS)
    for (let seed = 1; seed <= 3; seed++) {
      const last = new Map<string, string>();
      for (const { node, phase, nth } of momentsOf(name, seed, seed === 1 ? {} : { faults: 'all' })) {
        const role = /^(c|s|store|lb)[\d~]*$/.exec(node)?.[1];
        if (role === undefined) continue;
        seen.add(`${role} ${phase}`);
        const ahead = AHEAD[phase];
        if (role === 'c' && nth > 0 && ahead !== undefined && !ahead.includes(last.get(node) ?? ''))
          seen.add(`${last.get(node)} before ${phase} in ${name} ${seed}`);
        last.set(node, phase);
      }
    }

  test('every phase is entered, each behind one that leads to it', () => {
    const parts = { c: 'client', s: 'server', store: 'store', lb: 'balancer' };
    const all = Object.entries(parts).flatMap(([letter, role]) =>
      phasesOf(PHASES, role).map((phase) => `${letter} ${phase}`),
    );
    expect([...seen].sort()).toEqual(all.sort());
  });

  test('nobody who listens changes a run, and each entrance is counted', () => {
    const counts = new Map<string, number>();
    for (const { node, phase, nth, at: time } of momentsOf('restart/rolling', 2)) {
      expect(time).toBeGreaterThanOrEqual(at(0));
      if (nth === 0) continue;
      const count = (counts.get(`${node} ${phase}`) ?? 0) + 1;
      counts.set(`${node} ${phase}`, count);
      expect(nth).toBe(count);
    }
    const scenario = scenarioNamed('restart/rolling');
    if (scenario === undefined) throw new Error('no restart/rolling');
    expect(run(scenario, 2, { phase: () => {} }).digest).toBe(run(scenario, 2).digest);
  });

  test('of a protocol that says no more, connections are all that is seen', () => {
    const { phases: _, ...protocol } = session;
    const scenario = { ...(scenarioNamed('restart/crash') as SessionScenario), protocol };
    const phases = new Set<string>();
    for (const seed of [1, 2, 3])
      run(scenario, seed, { phase: ({ node, phase }) => node.startsWith('c') && phases.add(phase) });
    expect([...phases].sort()).toEqual(['dialling', 'ended', 'idle', 'open', 'waiting']);
  });
});
