/** The server alone, by script: what it does in each of its phases, and in each stage of a connection. */
import { describe, expect, test } from 'vitest';
import { CLOSE } from '../../src/close-codes.ts';
import { NOTHING } from '../../src/machine.ts';
import { LIMITS } from '../../src/session/wire/limits.ts';
import { at, elapsed, seconds } from '../../src/time.ts';
import { CONFIG, CREDIT, cursor, Played, record, TOKEN } from '../machines/server.ts';

describe('a connection that greets', () => {
  test('is given up when no HELLO comes', () => {
    const played = new Played();
    played.tell({ type: 'incoming', conn: 1, from: 'lb' });
    expect(played.effects('accept')).toHaveLength(1);
    played.pass(CONFIG.helloTimeout);
    expect(played.effects('terminate')).toHaveLength(1);
    expect(played.timers()).toEqual([]);
  });

  test('is closed with 1002 for any other frame', () => {
    const played = new Played();
    played.tell({ type: 'incoming', conn: 1, from: 'lb' });
    played.frame(1, { type: 'PING', nonce: 1 });
    expect(played.closes()).toEqual([CLOSE.protocolError]);
  });

  test('is closed with 4005 when no version is common, and speaks the highest that is', () => {
    const played = new Played();
    played.greet(1, { protoMin: 3, protoMax: 4 });
    expect(played.closes()).toEqual([CLOSE.versionUnsupported]);
    played.greet(2, { protoMin: 1, protoMax: 9 });
    played.verify();
    played.claim(2);
    expect(played.sent('WELCOME')[0]?.proto).toBe(2);
  });
});

describe('a connection that is being admitted', () => {
  test.each([
    ['expired', CLOSE.tokenExpired],
    ['revoked', CLOSE.unauthorized],
    ['forged', CLOSE.unauthorized],
  ] as const)('is closed when its token is %s', (verdict, code) => {
    const played = new Played();
    played.greet(1);
    played.hear({
      type: 'verified',
      op: played.asked('verify').op,
      verdict,
      expiresAt: TOKEN.expiresAt,
      lives: seconds(60),
    });
    expect(played.closes()).toEqual([code]);
  });

  test('takes no answer that is of another kind, of another service, or about another op', () => {
    const played = new Played();
    played.greet(1);
    const { op } = played.asked('verify');
    const context = { turns: 0, digest: 0 };
    const grant = {
      session: 9,
      generation: 9,
      resumeToken: 1,
      resumed: false,
      sendAck: 0,
      corrupt: false,
      context,
      streams: [],
    };
    played.hear({ type: 'claimed', op, conn: 1, ...grant });
    expect(played.sent('WELCOME')).toEqual([]);
    played.hear({ type: 'noted', op });
    played.hear({ type: 'verified', op: op + 1, verdict: 'ok', expiresAt: TOKEN.expiresAt, lives: seconds(60) });
    expect(played.posted('claim')).toEqual([]);
    played.hear({ type: 'verified', op, verdict: 'ok', expiresAt: TOKEN.expiresAt, lives: seconds(60) }, 'store');
    expect(played.posted('claim')).toEqual([]);
    played.hear({ type: 'verified', op, verdict: 'ok', expiresAt: TOKEN.expiresAt, lives: seconds(60) });
    expect(played.posted('claim')).toHaveLength(1);
  });

  test('is closed with 1002 when it says HELLO again, before WELCOME and after it', () => {
    const again = (played: Played): void => {
      const { token, client, dial, credit } = { token: TOKEN, client: 'c1', dial: 2, credit: CREDIT };
      played.frame(1, { type: 'HELLO', protoMin: 1, protoMax: 1, token, client, dial, credit, resume: null });
      expect(played.closes()).toEqual([CLOSE.protocolError]);
    };
    const admitting = new Played();
    admitting.greet(1);
    again(admitting);
    const attached = new Played();
    attached.attach(1);
    again(attached);
  });

  test('is fenced by the answer to its own claim only', () => {
    const played = new Played();
    played.greet(1);
    played.verify();
    const { op } = played.asked('claim');
    played.hear({ type: 'fenced', session: 1, generation: 5, op: op + 9 });
    expect(played.closes()).toEqual([]);
    played.hear({ type: 'fenced', session: 1, generation: 5, op });
    expect(played.closes()).toEqual([CLOSE.takenOver]);
    expect(played.posted('withdraw')).toEqual([]);
  });

  test('withdraws its claim when it ends before the answer, until that is answered', () => {
    const played = new Played();
    played.greet(1);
    played.verify();
    const { op: claim } = played.asked('claim');
    played.tell({ type: 'closed', conn: 1, code: 1006, reason: '', clean: false, status: 0 });
    const withdraw = played.asked('withdraw');
    expect(withdraw).toMatchObject({ claim, conn: 1, client: 'c1', dial: 1 });
    // Nobody may ever hear whether the claim was granted: it is withdrawn until that is noted.
    played.pass(CONFIG.callTimeout * 5);
    expect(played.posted('claim')).toEqual([]);
    expect(new Set(played.posted('withdraw'))).toEqual(new Set([withdraw]));
    played.hear({ type: 'withdrawn', op: withdraw.op, session: 1, generation: 1 });
    played.pass(CONFIG.callTimeout * 2);
    expect(played.posted('withdraw')).toEqual([]);
  });
});

describe('a claim that is withdrawn', () => {
  const withdrawing = () => {
    const played = new Played();
    played.attach(1);
    played.greet(2, { resume: { session: 1, resumeToken: 6, streams: [] } });
    played.verify();
    played.tell({ type: 'closed', conn: 2, code: 1006, reason: '', clean: false, status: 0 });
    return { played, op: played.asked('withdraw').op };
  };

  test('ends the connection here that it had taken the session from', () => {
    const { played, op } = withdrawing();
    played.hear({ type: 'withdrawn', op, session: 1, generation: 2 });
    expect(played.sent('ERROR')[0]?.code).toBe('taken_over');
    expect(played.closes()).toEqual([CLOSE.takenOver]);
    expect(played.posted('detach')).toEqual([]);
  });

  test('and was never granted leaves that connection alone', () => {
    const { played, op } = withdrawing();
    played.hear({ type: 'withdrawn', op, session: 0, generation: 0 });
    expect(played.closes()).toEqual([]);
  });
});

describe('a connection that is attached', () => {
  test('is told 4001 when a newer one of this server claimed its session', () => {
    const played = new Played();
    played.attach(1);
    played.attach(2, { cursors: [] });
    expect(played.effects('close')).toMatchObject([{ conn: 1, code: CLOSE.takenOver }]);
    expect(played.state).toMatchObject({ connections: 1, sessions: { 1: 2 } });
  });

  test('is told 4001 when another session of its client ended its own', () => {
    const played = new Played();
    played.attach(1);
    played.hear({ type: 'expired', session: 1 });
    expect(played.sent('ERROR')[0]?.code).toBe('taken_over');
    expect(played.closes()).toEqual([CLOSE.takenOver]);
    expect(played.posted('detach')).toEqual([]);
  });

  test('is told 4001 when the store says that a newer generation owns its session, and only then', () => {
    const played = new Played();
    played.attach(3);
    played.hear({ type: 'fenced', session: 1, generation: 3, op: 0 });
    expect(played.closes()).toEqual([]);
    played.hear({ type: 'fenced', session: 1, generation: 4, op: 0 });
    expect(played.closes()).toEqual([CLOSE.takenOver]);
    expect(played.posted('detach')).toEqual([]);
  });

  test('releases its session by saying goodbye, and detaches it by any other end', () => {
    for (const [code, clean, fate] of [
      [CLOSE.normal, true, 'release'],
      [CLOSE.normal, false, 'detach'],
      [CLOSE.goingAway, true, 'detach'],
    ] as const) {
      const played = new Played();
      played.attach(1);
      played.tell({ type: 'closed', conn: 1, code, reason: '', clean, status: 0 });
      expect(played.effects('post').map(({ message }) => message.type)).toContain(fate);
    }
  });

  test('may have so many sends unanswered, and no more', () => {
    const played = new Played();
    played.attach(1);
    for (let n = 1; n <= LIMITS.sends; n++) played.send(1, n, 1);
    expect(played.posted('submit')).toHaveLength(1);
    played.send(1, LIMITS.sends + 1, 1);
    expect(played.closes()).toEqual([CLOSE.policyViolation]);
    expect(played.state.calls).toHaveProperty(String(played.asked('detach').op));
    expect(Object.keys(played.state.calls)).toHaveLength(1);
  });

  test('may send so many bytes unanswered, and answers make room', () => {
    const played = new Played();
    played.attach(1);
    const size = LIMITS.sendBytes;
    const most = LIMITS.sendsBytes / size;
    for (let n = 1; n <= most; n++) played.send(1, n, size);
    const { op } = played.asked('submit');
    played.hear({ type: 'submitted', op, session: 1, clientSeq: most, key: `k${most}`, stream: null });
    played.send(1, most + 1, size);
    expect(played.closes()).toEqual([]);
    played.send(1, most + 2, 1);
    expect(played.closes()).toEqual([CLOSE.policyViolation]);
  });
});

describe('a request that is not answered', () => {
  test('is asked again with its op, and after the last attempt its connection is sent away with 1013', () => {
    const played = new Played();
    played.greet(1);
    const first = played.asked('verify');
    played.pass(CONFIG.callTimeout);
    expect(played.asked('verify')).toEqual(first);
    played.pass(2 * CONFIG.callTimeout);
    expect(played.sent('ERROR')[0]).toMatchObject({ code: 'unavailable', retryAfter: CONFIG.retryAfter });
    expect(played.closes()).toEqual([CLOSE.tryAgainLater]);
    expect(played.timers()).toEqual([]);
  });

  test('is asked again when it is due, whatever was answered or asked around it', () => {
    const played = new Played();
    played.attach(1, { streams: [record({ head: 3 })], cursors: [cursor(1)] });
    const read = played.asked('read');
    played.pass(200_000);
    played.send(1, 1);
    const submit = played.asked('submit');
    played.pass(300_000);
    expect(played.effects('post').map(({ message }) => message)).toEqual([read]);
    played.pass(200_000);
    expect(played.effects('post').map(({ message }) => message)).toEqual([submit]);
  });

  test('that failed is no answer', () => {
    const played = new Played();
    played.attach(1);
    played.send(1, 1);
    const submit = played.asked('submit');
    played.hear({ type: 'failed', op: submit.op });
    expect(played.last).toBe(NOTHING);
    played.pass(CONFIG.callTimeout);
    expect(played.asked('submit')).toEqual(submit);
  });

  test('costs no look at the requests of others, when it is due and when its connection ends', () => {
    const played = new Played();
    for (let conn = 1; conn <= 200; conn++) played.greet(conn);
    let scans = 0;
    played.state.calls = new Proxy(played.state.calls, {
      ownKeys(target) {
        scans++;
        return Reflect.ownKeys(target);
      },
    });
    played.tell({ type: 'closed', conn: 7, code: 1006, reason: '', clean: false, status: 0 });
    played.pass(3 * CONFIG.callTimeout);
    expect(played.closes()).toHaveLength(199);
    expect(scans).toBe(0);
    expect(Object.keys(played.state.calls)).toEqual([]);
    expect(played.state.due.length - played.state.dueTaken).toBe(0);
  });
});

describe('a server that drains', () => {
  test('refuses with 503, is not ready, gives notice, and exits with its last connection', () => {
    const played = new Played();
    played.attach(1);
    played.tell({ type: 'drain', deadline: 5_000_000 as never });
    played.tell({ type: 'incoming', conn: 2, from: 'lb' });
    expect(played.effects('refuse')[0]?.status).toBe(503);
    played.hear({ type: 'probe', op: 1 }, 'lb');
    expect(played.posted('probed')[0]?.ready).toBe(false);
    played.pass(CONFIG.drainSpread);
    expect(played.sent('GOAWAY')).toHaveLength(1);
    played.pass(5_000_000);
    expect(played.closes()).toEqual([CLOSE.serviceRestart]);
    expect(played.effects('exit')).toHaveLength(1);
    played.tell({ type: 'incoming', conn: 3, from: 'lb' });
    expect(played.last).toBe(NOTHING);
  });

  test('without a connection exits at once', () => {
    const played = new Played();
    played.tell({ type: 'drain', deadline: 5_000_000 as never });
    expect(played.effects('exit')).toHaveLength(1);
    expect(played.timers()).toEqual([]);
  });

  test('exits when it is noted what became of its last session, and asks again until then', () => {
    for (const [code, clean, fate] of [
      [CLOSE.normal, true, 'release'],
      [1006, false, 'detach'],
    ] as const) {
      const played = new Played();
      played.attach(1);
      played.tell({ type: 'drain', deadline: 5_000_000 as never });
      played.tell({ type: 'closed', conn: 1, code, reason: '', clean, status: 0 });
      const ended = played.asked(fate);
      expect(played.effects('exit')).toEqual([]);
      played.pass(CONFIG.callTimeout);
      expect(played.asked(fate)).toEqual(ended);
      played.hear({ type: 'noted', op: ended.op });
      expect(played.effects('exit')).toHaveLength(1);
    }
  });

  test('exits when its last claim is withdrawn', () => {
    const played = new Played();
    played.greet(1);
    played.verify();
    played.tell({ type: 'drain', deadline: 5_000_000 as never });
    played.tell({ type: 'closed', conn: 1, code: 1006, reason: '', clean: false, status: 0 });
    expect(played.effects('exit')).toEqual([]);
    played.hear({ type: 'withdrawn', op: played.asked('withdraw').op, session: 0, generation: 0 });
    expect(played.effects('exit')).toHaveLength(1);
  });

  test('exits once when its deadline closes the connection that it waited for', () => {
    const played = new Played();
    played.tell({ type: 'incoming', conn: 1, from: 'lb' });
    played.tell({ type: 'drain', deadline: 5_000_000 as never });
    expect(played.effects('exit')).toHaveLength(0);
    played.pass(5_000_000 as never);
    expect(played.closes()).toEqual([CLOSE.serviceRestart]);
    expect(played.effects('exit')).toHaveLength(1);
  });

  test('exits at its deadline, whatever is not answered then', () => {
    const played = new Played();
    played.attach(1);
    played.tell({ type: 'drain', deadline: 5_000_000 as never });
    played.tell({ type: 'closed', conn: 1, code: 1006, reason: '', clean: false, status: 0 });
    played.pass(5_000_000 - 1);
    expect(played.effects('exit')).toEqual([]);
    played.pass(1);
    expect(played.effects('exit')).toHaveLength(1);
    expect(played.effects('post')).toEqual([]);
  });

  test('gives no notice before WELCOME, and gives it with that', () => {
    const played = new Played();
    played.greet(1);
    const { op } = played.asked('verify');
    played.tell({ type: 'drain', deadline: 5_000_000 as never });
    played.pass(CONFIG.callTimeout - 1);
    expect(played.sent('GOAWAY')).toEqual([]);
    const expiresAt = at(65_000_000);
    played.hear({ type: 'verified', op, verdict: 'ok', expiresAt, lives: elapsed(played.now, expiresAt) });
    played.claim(1);
    expect(played.sent('WELCOME')).toHaveLength(1);
    played.pass(0);
    expect(played.sent('GOAWAY')).toHaveLength(1);
  });

  test('leaves no notice behind for a connection that has ended', () => {
    const played = new Played();
    played.greet(1);
    played.greet(2);
    played.tell({ type: 'drain', deadline: 5_000_000 as never });
    expect(played.timers()).toContain('goaway 1');
    played.tell({ type: 'closed', conn: 1, code: 1006, reason: '', clean: false, status: 0 });
    expect(played.timers()).not.toContain('goaway 1');
  });
});

describe('a server in trouble', () => {
  test('that is overloaded accepts and says 1013 with retry-after, or refuses with 503; who is attached stays', () => {
    const played = new Played();
    played.attach(1);
    played.tell({ type: 'overload', refuses: 'hello', sheds: false });
    played.greet(2);
    expect(played.sent('ERROR')[0]).toMatchObject({ code: 'unavailable', retryAfter: CONFIG.retryAfter });
    expect(played.closes()).toEqual([CLOSE.tryAgainLater]);
    played.tell({ type: 'overload', refuses: 'handshake', sheds: false });
    played.tell({ type: 'incoming', conn: 3, from: 'lb' });
    expect(played.effects('refuse')[0]?.status).toBe(503);
    played.hear({ type: 'probe', op: 1 }, 'lb');
    expect(played.posted('probed')[0]?.ready).toBe(false);
    expect(played.state.conns[1]?.stage).toBe('attached');
    played.tell({ type: 'overload', refuses: 'none', sheds: false });
    played.greet(4);
    expect(played.posted('verify')).toHaveLength(1);
  });

  test('that sheds sends those away who are attached', () => {
    const played = new Played();
    played.attach(1);
    played.tell({ type: 'overload', refuses: 'hello', sheds: true });
    expect(played.closes()).toEqual([CLOSE.tryAgainLater]);
    expect(played.posted('detach')).toHaveLength(1);
  });

  test('that is slow asks late, in order, and keeps that order when it is slow no more', () => {
    const played = new Played();
    played.attach(1);
    played.tell({ type: 'slow', by: 400_000 as never });
    played.send(1, 1);
    expect(played.posted('submit')).toEqual([]);
    played.pass(100_000);
    played.tell({ type: 'slow', by: 0 as never });
    played.send(1, 2);
    expect(played.posted('submit')).toEqual([]);
    played.pass(300_000);
    expect(played.posted('submit').map(({ clientSeq }) => clientSeq)).toEqual([1, 2]);
    played.send(1, 3);
    expect(played.posted('submit').map(({ clientSeq }) => clientSeq)).toEqual([3]);
  });

  test('that admits other origins refuses new ones with 403 and judges no open connection', () => {
    const played = new Played();
    played.attach(1);
    played.tell({ type: 'origins', allowed: ['https://a.example'] });
    expect(played.state.conns[1]?.stage).toBe('attached');
    for (const origin of ['https://b.example', undefined]) {
      played.tell({ type: 'incoming', conn: 2, from: 'lb', ...(origin === undefined ? {} : { origin }) });
      expect(played.effects('refuse')[0]?.status).toBe(403);
    }
    played.tell({ type: 'incoming', conn: 3, from: 'lb', origin: 'https://a.example' });
    expect(played.effects('accept')).toHaveLength(1);
  });

  test('that speaks other versions negotiates by them', () => {
    const played = new Played();
    played.tell({ type: 'speaks', min: 2, max: 3 });
    played.greet(1);
    expect(played.closes()).toEqual([CLOSE.versionUnsupported]);
    played.greet(2, { protoMin: 1, protoMax: 3 });
    played.verify();
    played.claim(2);
    expect(played.sent('WELCOME')[0]?.proto).toBe(3);
  });
});

test('an overloaded server says with its 503 when to come back, and a draining one does not', () => {
  const overloaded = new Played({ retryAfter: seconds(2) });
  overloaded.tell({ type: 'overload', refuses: 'handshake', sheds: false });
  overloaded.tell({ type: 'incoming', conn: 1, from: 'lb' });
  expect(overloaded.effects('refuse')).toEqual([{ type: 'refuse', conn: 1, status: 503, retryAfter: 2_000_000 }]);
  const draining = new Played({ retryAfter: seconds(2) });
  draining.attach(1);
  draining.tell({ type: 'drain', deadline: seconds(5) });
  draining.tell({ type: 'incoming', conn: 2, from: 'lb' });
  expect(draining.effects('refuse')).toEqual([{ type: 'refuse', conn: 2, status: 503 }]);
});
