/** The law of named errors: each failure is told, once, by its name. */
import { describe, expect, test } from 'vitest';
import { ms, seconds } from '../../../src/time.ts';
import { namedErrors } from './named-errors.ts';
import { verdict, type Written, written } from './written.ts';

const begun = (): Written => written().intent('start');
const connected = (): Written => begun().connect(1);
const said = (run: Written): string[] => verdict(namedErrors, run);

describe('an honest history holds', () => {
  test('when a dial is refused, or meets a server that takes nobody', () => {
    expect(said(begun().dial(1).close(1).tell('refused'))).toEqual([]);
    const run = begun().dial(1).next().say('closed', 'c1', { conn: 1, code: 1006, reason: '', status: 503 });
    expect(said(run.tell('unavailable'))).toEqual([]);
    const other = begun().dial(1).next().say('closed', 'c1', { conn: 1, code: 1006, reason: '', status: 403 });
    expect(said(other.tell('origin_refused'))).toEqual([]);
  });

  test('when a dial, a HELLO or a peer is not answered', () => {
    expect(said(begun().dial(1).wait(seconds(5)).hangUp(1).tell('connect_timeout'))).toEqual([]);
    expect(said(begun().dial(1).open(1).wait(seconds(5)).hangUp(1).tell('hello_timeout'))).toEqual([]);
    expect(said(connected().wait(seconds(10)).hangUp(1).tell('peer_silent'))).toEqual([]);
  });

  test.each([
    [1006, 'connection_lost'],
    [1012, 'server_restart'],
    [1001, 'server_restart'],
    [1013, 'unavailable'],
    [4004, 'token_expired'],
    [1011, 'closed_by_server'],
  ] as const)('when a connection is closed with %i', (code, error) => {
    expect(said(connected().close(1, code).tell(error))).toEqual([]);
  });

  test('when what the server sends cannot be right', () => {
    expect(said(connected().hangUp(1, 1002).tell('malformed'))).toEqual([]);
  });

  test('when the client ends a connection because its application leaves, its device is offline, or moves', () => {
    expect(said(connected().intent('leave').say('hungUp', 'c1', { conn: 1, code: 1000, reason: '' }))).toEqual([]);
    const offline = begun().dial(1).intent('offline').say('hungUp', 'c1', { conn: 1, code: 1006, reason: '' });
    expect(said(offline)).toEqual([]);
    const moved = begun().dial(1).intent('moved').say('hungUp', 'c1', { conn: 1, code: 1006, reason: '' });
    expect(said(moved)).toEqual([]);
  });

  test('when a close means stop, and a terminal error says so', () => {
    expect(said(connected().close(1, 4003).tell('unauthorized'))).toEqual([]);
  });

  test('when an old connection ends after a second one was welcomed', () => {
    expect(said(connected().connect(2, { generation: 2 }).wait(ms(5)).close(1, 1012))).toEqual([]);
  });
});

describe('a breach is caught', () => {
  test('a failure that nobody is told of', () => {
    expect(said(connected().close(1))).toEqual([
      "c1's application had to be told connection_lost, because connection #1 was closed with 1006, and was told nothing.",
    ]);
    expect(said(begun().dial(1).wait(seconds(5)).hangUp(1))).toHaveLength(1);
  });

  test('a failure that is told late, in another event', () => {
    expect(said(connected().close(1).next().tell('connection_lost'))).toHaveLength(2);
  });

  test('a failure by a wrong name', () => {
    expect(said(begun().dial(1).close(1).tell('connection_lost'))[0]).toBe(
      "c1's application had to be told refused, because dial #1 ended with status 0, and was told connection_lost.",
    );
  });

  test('a failure that is told twice', () => {
    expect(said(connected().close(1).tell('connection_lost').tell('connection_lost'))).toEqual([
      "c1's application was told connection_lost, but no connection failed like that.",
    ]);
  });

  test('a failure that never was', () => {
    expect(said(connected().next().tell('peer_silent'))).toHaveLength(1);
  });
});
