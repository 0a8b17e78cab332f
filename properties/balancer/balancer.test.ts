/** The balancer alone, by script: what reaches it late, or from a process that it is no more, decides nothing. */
import { describe, expect, test } from 'vitest';
import { balancer } from '../../src/balancer/balancer.ts';
import { type Duration, ms, seconds } from '../../src/time.ts';
import { Drive } from '../machines/drive.ts';

const CONFIG = {
  node: 'lb',
  connBase: 1_000,
  backends: ['s1', 's2'],
  probeInterval: seconds(2),
  probeTimeout: seconds(1),
  unhealthyAfter: 2,
  healthyAfter: 1,
  idleTimeout: seconds(60),
  connectTimeout: ms(1_500),
};

function balanced() {
  const drive = new Drive(balancer, CONFIG);
  /** A client's connection arrives; where it is dialled, and by which name. */
  const incoming = (conn: number): { to: string; conn: number } | undefined => {
    drive.tell({ type: 'incoming', conn, from: `c${conn}` });
    return drive.effects('dial')[0];
  };
  const spliced = (conn: number): string => {
    const dial = incoming(conn);
    drive.tell({ type: 'opened', conn: dial?.conn as number });
    return dial?.to as string;
  };
  const closed = (conn: number) =>
    drive.tell({ type: 'closed', conn, code: 1006, reason: '', clean: false, status: 0 });
  const probed = (from: string, op: number) =>
    drive.tell({ type: 'message', from, message: { type: 'probed', op, ready: true } });
  return { drive, incoming, spliced, closed, probed };
}

describe('a probe', () => {
  test('that is answered after its time-out has failed, and does not pass for the next one', () => {
    const { drive, incoming, probed } = balanced();
    drive.tell({ type: 'started' });
    // s1 is asked by probe 1, and then by 3; s2 answers each in time.
    probed('s2', 2);
    drive.pass(seconds(2));
    probed('s2', 4);
    probed('s1', 1);
    drive.pass(seconds(1));
    expect([incoming(1)?.to, incoming(2)?.to]).toEqual(['s2', 's2']);
  });

  test('is not sent by a reload after the operator stopped them', () => {
    const { drive } = balanced();
    drive.tell({ type: 'started' });
    drive.tell({ type: 'quiesce' });
    drive.tell({ type: 'reload', grace: seconds(1) });
    expect(drive.effects('post')).toEqual([]);
    expect(drive.timers()).toEqual(['grace 1']);
  });
});

describe('a dial', () => {
  test('that timed out is forgotten: its end says nothing about the next', () => {
    const { drive, incoming, closed } = balanced();
    const first = incoming(1) as { conn: number };
    drive.pass(ms(1_500));
    expect(drive.effects('dial')[0]?.to).toBe('s2');
    closed(first.conn);
    expect(drive.last).toEqual([]);
    expect(incoming(2)?.to).toBe('s2');
  });
});

describe('a drained backend', () => {
  test('keeps nothing behind its deadline, and what is being dialled there goes elsewhere', () => {
    const { drive, spliced, incoming } = balanced();
    expect([spliced(1), spliced(2)]).toEqual(['s1', 's2']);
    const dial = incoming(3);
    expect(dial?.to).toBe('s1');
    drive.tell({ type: 'drainBackend', backend: 's1', deadline: ms(200) });
    drive.pass(ms(200));
    expect(drive.effects('terminate').map(({ conn }) => conn)).toEqual([1, 1_001, dial?.conn]);
    expect(drive.effects('dial').map(({ to }) => to)).toEqual(['s2']);
    // Its answer comes too late.
    drive.tell({ type: 'opened', conn: dial?.conn as number });
    expect(drive.effects('accept')).toEqual([]);
    expect(drive.state.backends.map(({ connections }) => connections)).toEqual([0, 2]);
  });
});

describe('a process', () => {
  test('does not count the connections of the one before it, neither when they live nor when they end', () => {
    const { drive, spliced, closed } = balanced();
    const old = [1, 2, 3, 4].filter((conn) => spliced(conn) === 's1');
    expect(old).toHaveLength(2);
    drive.tell({ type: 'reload', grace: seconds(60) });
    for (const conn of old) closed(conn);
    expect([5, 6, 7, 8].map(spliced).filter((to) => to === 's1')).toHaveLength(2);
  });
});

describe('a client that every backend refuses', () => {
  /** Both backends answer a dial with these. */
  const refused = (...answers: readonly { readonly status: number; readonly retryAfter?: Duration }[]) => {
    const { drive, incoming } = balanced();
    let dial = incoming(1);
    for (const answer of answers) {
      drive.tell({ type: 'closed', conn: dial?.conn as number, code: 1006, reason: '', clean: false, ...answer });
      dial = drive.effects('dial')[0];
    }
    return drive.effects('refuse');
  };

  test('hears the soonest time that any of them named', () => {
    const [soon, late] = [
      { status: 503, retryAfter: seconds(1) },
      { status: 503, retryAfter: seconds(3) },
    ];
    expect(refused(soon, late)).toMatchObject([{ conn: 1, status: 503, retryAfter: 1_000_000 }]);
    expect(refused(late, soon)).toMatchObject([{ conn: 1, status: 503, retryAfter: 1_000_000 }]);
    expect(refused(late, { status: 503 })).toMatchObject([{ conn: 1, status: 503, retryAfter: 3_000_000 }]);
  });

  test('hears of the first place that one of them keeps, and no other is asked to keep one', () => {
    const kept = { status: 503, retryAfter: seconds(3), slot: 7 };
    const { drive, incoming } = balanced();
    const dial = incoming(1);
    drive.tell({ type: 'closed', conn: dial?.conn as number, code: 1006, reason: '', clean: false, ...kept });
    expect(drive.effects('dial')).toEqual([]);
    expect(drive.effects('refuse')).toEqual([{ type: 'refuse', conn: 1, ...kept }]);
  });

  test('hears of no time when none of them named one', () => {
    expect(refused({ status: 503 }, { status: 0 })).toEqual([{ type: 'refuse', conn: 1, status: 503 }]);
  });
});
