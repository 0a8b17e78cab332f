/** What connections carry is their protocol's own: a link and a balancer pass on what they are given, and look at none of it. */
import { describe, expect, test } from 'vitest';
import { balancer } from '../../src/balancer/balancer.ts';
import { ms, seconds } from '../../src/time.ts';
import { Drive } from '../machines/drive.ts';
import { CLEAR, PlayedLink } from '../machines/link.ts';

const PAYLOADS = ['text', '', new Uint8Array([0, 255]), { event: 3 }, [1, [2]], 7, false, null];

describe('any payload', () => {
  test('arrives as it was sent, in order, also where it waits for a lost segment', () => {
    const link = new PlayedLink({ up: { ...CLEAR, loss: { num: 1, of: 4 } } });
    link.tell({ type: 'dial', end: 0, conn: 1 });
    link.pass(seconds(10));
    link.tell({ type: 'accept', end: 1, conn: 1 });
    link.pass(seconds(1));
    for (const payload of PAYLOADS) link.tell({ type: 'send', end: 0, conn: 1, payload, bytes: 2_000 });
    link.pass(seconds(60));
    const arrived = link.heard.flatMap(({ event }) => (event.type === 'frame' ? [event.payload] : []));
    expect(arrived).toEqual(PAYLOADS);
    for (const [i, payload] of PAYLOADS.entries()) expect(arrived[i]).toBe(payload);
  });

  test('that never arrives is told as it was sent', () => {
    const link = new PlayedLink();
    link.open(1);
    link.tell({ type: 'cut', direction: 'up' });
    for (const payload of PAYLOADS) link.tell({ type: 'send', end: 0, conn: 1, payload, bytes: 10 });
    link.tell({ type: 'terminate', end: 0, conn: 1, how: 'rst' });
    expect(link.lost.map(({ payload }) => payload)).toEqual(PAYLOADS);
  });

  test('passes a balancer untouched, in both directions', () => {
    const drive = new Drive(balancer, {
      ...{ node: 'lb', connBase: 1_000, backends: ['s1'], probeInterval: seconds(2), probeTimeout: seconds(1) },
      ...{ unhealthyAfter: 2, healthyAfter: 1, idleTimeout: seconds(60), connectTimeout: ms(1_500) },
    });
    drive.tell({ type: 'incoming', conn: 1, from: 'c1' });
    drive.tell({ type: 'opened', conn: 1_001 });
    for (const payload of PAYLOADS)
      for (const conn of [1, 1_001]) {
        drive.tell({ type: 'frame', conn, payload, bytes: 5 });
        expect(drive.effects('send')).toEqual([{ type: 'send', conn: 1_002 - conn, payload, bytes: 5 }]);
        expect(drive.effects('send')[0]?.payload).toBe(payload);
      }
  });
});
