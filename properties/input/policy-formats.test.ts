/** Settings of other people's clients, read as policies: the right values, a line for what is lost, one clear line for bad ones. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { policiesIn } from '../../sim/input/policies/recognise.ts';
import { policiesOf, policyOf } from '../../sim/input/policy-argument.ts';
import { nextDelay } from '../../src/backoff/delay.ts';
import { advance, freshMemory } from '../../src/backoff/memory.ts';
import { LONGEST, type Policy } from '../../src/backoff/policy.ts';
import { PRESETS } from '../../src/backoff/presets.ts';
import { minutes, ms, seconds, ZERO } from '../../src/time.ts';

const folder = mkdtempSync(join(tmpdir(), 'hangup-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fixture = (name: string): string => join(import.meta.dirname, '../fixtures/policies', name);
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const heard = (text: string): { policy: Policy; lines: string } => {
  const lines: string[] = [];
  return { policy: policyOf(text, undefined, {}, (told) => lines.push(...told)), lines: lines.join('\n') };
};

/** The waits of a policy for a draw in the middle, until it gives up. */
const waits = (policy: Policy, count = 8, draw = 2 ** 31): readonly number[] => {
  const delays: number[] = [];
  for (let memory = freshMemory(); delays.length < count; ) {
    const next = nextDelay(policy, memory, draw, { retryAfter: null, elapsed: ZERO });
    if ('stop' in next) break;
    delays.push(next.delay / 1000);
    memory = next.memory ?? advance(memory, next.delay);
  }
  return delays;
};

describe('files as they were published', () => {
  test('a gRPC service config: retries of calls, 20 % around the curve', () => {
    const { policy, lines } = heard(fixture('grpc-cloudquotas.json'));
    expect(policy).toMatchObject({
      delay: { kind: 'exponential', base: seconds(1), factor: { num: 13, of: 10 } },
      jitter: { kind: 'proportional', below: { num: 1, of: 5 }, above: { num: 1, of: 5 } },
      ceiling: seconds(10),
      cap: seconds(12),
      attemptsMax: 4,
      budget: null,
    });
    expect(lines).toMatch(/grpc-cloudquotas.json: gRPC service config/);
    expect(lines).toContain('retryableStatusCodes: which calls are retried, not when');
    expect(lines).toContain('timeout: how long a call may take, retries included');
  });

  test('retryThrottling is a bucket of tokens where it belongs, and nothing within a methodConfig', () => {
    expect(policyOf(fixture('grpc-throttled.json'))).toMatchObject({
      delay: { base: ms(100), factor: { num: 2, of: 1 } },
      attemptsMax: 3,
      budget: { tokens: 10, cost: 1, reserve: 5, perSuccess: { num: 1, of: 10 }, empty: 'stop' },
    });
    const { policy, lines } = heard(fixture('grpc-go.json'));
    expect(policy).toMatchObject({ delay: { base: seconds(1) }, attemptsMax: 2, budget: null });
    expect(lines).toContain('retryThrottling: belongs beside methodConfig');
  });

  test('an Envoy retry policy, wherever it stands: full jitter over 25 ms, doubling to ten times that', () => {
    expect(policyOf(fixture('envoy-dump.json'))).toMatchObject({
      delay: { kind: 'exponential', base: ms(25), factor: { num: 2, of: 1 } },
      jitter: { kind: 'full', floor: ZERO },
      cap: ms(250),
      attemptsMax: 2,
      retryAfter: 'ignore',
    });
    const { policy, lines } = heard(fixture('envoy-filter.yaml'));
    expect(policy).toMatchObject({
      delay: { base: seconds(4) },
      cap: seconds(5),
      attemptsMax: 1,
      retryAfter: 'honour',
      retryAfterMost: minutes(5),
    });
    expect(lines).toContain('not given, by Envoy 1.35: num_retries 1');
  });

  test('resilience4j: an instance without a waitDuration of its own waits as its base does', () => {
    const properties = fixture('resilience4j.properties');
    const { policy, lines } = heard(`${properties}#backendB`);
    expect([policy.delay, policy.attemptsMax]).toEqual([{ kind: 'constant', base: seconds(10) }, 4]);
    expect(lines).toMatch(/exponentialMaxWaitDuration: no effect in an instance without a waitDuration/);
    expect(
      policiesOf(fixture('resilience4j.yaml')).map(({ name, policy }) => [name.split('#')[1], waits(policy)]),
    ).toEqual([
      ['retryBackendA', [100, 100, 100]],
      ['retryBackendC', [100, 200]],
    ]);
    expect(waits(policyOf(`${fixture('resilience4j.yaml')}#retryBackendC,attemptsMax=4`))).toEqual([
      100, 200, 222, 222,
    ]);
    expect(waits(policyOf(fixture('resilience4j-backends.yml')))).toEqual([500, 500, 500, 500]);
  });

  test('Polly in appsettings.json: three retries, decorrelated-v2 about 2 s, and the server has the last word', () => {
    expect(policyOf(fixture('dotnet-appsettings.json'))).toMatchObject({
      delay: { kind: 'exponential', base: seconds(2), factor: { num: 2, of: 1 } },
      jitter: { kind: 'decorrelated-v2' },
      cap: LONGEST,
      attemptsMax: 3,
      retryAfter: 'exact',
    });
  });

  test('a Job, a bridge of mosquitto, and the clients of Kafka, NATS and MQTT', () => {
    expect(policyOf(fixture('job.yaml'))).toMatchObject({ attemptsMax: 4, elapsedMax: seconds(100), cap: minutes(10) });
    expect(policyOf(fixture('mosquitto.conf'))).toMatchObject({
      delay: { kind: 'constant', base: seconds(10) },
      jitter: { kind: 'decorrelated', factor: { num: 3, of: 1 } },
      cap: seconds(30),
      capOn: 'draw',
      rounding: { to: seconds(1), by: 'down' },
    });
    expect(waits(policyOf(fixture('kafka-consumer.properties')), 6)).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(policyOf(fixture('nats.json'))).toMatchObject({
      delay: { kind: 'constant', base: seconds(1) },
      jitter: { kind: 'additive', least: ZERO, most: seconds(1) },
      attemptsMax: null,
      measuredFrom: 'dial',
    });
    expect(waits(policyOf(fixture('mqtt.json')), 3)).toEqual([1000, 1000, 1000]);
  });
});

describe('what is recognised', () => {
  test.each([
    ['grpc', '{"retryPolicy":{"maxAttempts":2,"initialBackoff":"1s","maxBackoff":"2s","backoffMultiplier":2}}'],
    ['grpc-channel', '{"grpc.max_reconnect_backoff_ms": 5000}'],
    ['envoy', '{"retryPolicy":{"retryOn":"5xx","numRetries":3,"retryBackOff":{"baseInterval":"0.1s"}}}'],
    ['aws', '{"region":"eu-west-1","maxAttempts":5,"retryMode":"adaptive"}'],
    ['aws', '{"retries":{"max_attempts":10,"mode":"standard"}}'],
    ['polly', '{"Retry":{"MaxRetryAttempts":5,"Delay":"00:00:01"}}'],
    ['resilience4j', '{"resilience4j":{"retry":{"instances":{"a":{"maxAttempts":2}}}}}'],
    ['client-go', '{"Duration":10000000,"Factor":5.0,"Jitter":0.1,"Steps":4}'],
    ['kubernetes', '{"apiVersion":"v1","kind":"Pod","spec":{}}'],
    ['socket.io', '{"reconnectionDelay":2000}'],
    ['partysocket', '{"room":"a","maxReconnectionDelay":5000}'],
    ['mcp', '{"initialReconnectionDelay":500}'],
    ['centrifuge', '{"minReconnectDelay":100}'],
    ['nats', '{"reconnectTimeWait":500}'],
    ['mqtt.js', '{"clientId":"a","reconnectPeriod":500}'],
    ['paho', '{"automaticReconnect":true,"maxReconnectDelay":10000}'],
    ['paho-python', '{"min_delay":1,"max_delay":30}'],
    ['hivemq', '{"initialDelay":500,"maxDelay":180000}'],
    ['aws-iot', '{"baseReconnectTimeMs":4000}'],
    ['kafka', '{"reconnect.backoff.ms":50}'],
    ['librdkafka', '{"metadata.broker.list":"a:9092","reconnect.backoff.ms":50}'],
  ])('%s, by its settings alone', (format, text) => {
    const read = (name: string | null): unknown => policiesIn('f.json', Buffer.from(text), name);
    expect(read(null)).toEqual(read(format));
    expect((read(null) as { title: unknown }).title).not.toBeNull();
  });

  test.each([
    [
      'options',
      { reconnectionDelay: 2000, reconnectionDelayMax: 120_000 },
      '{ reconnectionDelay: 2_000, // 2 s\n reconnectionDelayMax: 2000 * 60, }',
    ],
    ['a.json', { reconnectionDelay: 2000 }, '/* mine */ {"reconnectionDelay": 2000}'],
    ['a.yaml', { reconnectionDelay: 2000 }, 'socket:\n  reconnectionDelay: 2000\n'],
    ['a.yml', { reconnectionDelay: 2000 }, '---\nname: x\n---\nx: &x\n  reconnectionDelay: 2000\ny:\n  <<: *x\n'],
    ['a.properties', { reconnectionDelay: 2000 }, 'socket.reconnectionDelay = 2000\n# other\n'],
  ])('the same settings in another syntax: %s', (name, settings, text) => {
    const plain = file('plain.json', JSON.stringify(settings));
    expect(policyOf(`socket.io:${file(name, text)}`)).toEqual(policyOf(plain));
  });

  test('a file that two formats read differently is refused, and one that they read alike is not', () => {
    const path = file('rws.json', '{"maxReconnectionDelay": 8000}');
    expect(() => policyOf(path)).toThrow(
      `${path}: may be reconnecting-websocket options, or partysocket options: expected reconnecting-websocket:${path} or partysocket:${path}`,
    );
    expect(waits(policyOf(`partysocket:${path}`), 5)).toEqual([3000, 3900, 5070, 6591, 8000]);
    expect(policyOf(`reconnecting-websocket:${path}`).first).toEqual({ least: seconds(1), most: seconds(5) });
    const both = file('both.json', '{"minReconnectionDelay": 1000, "maxReconnectionDelay": 8000}');
    expect(waits(policyOf(both), 3)).toEqual([1000, 1300, 1690]);
  });

  test('a policy of ours may be YAML', () => {
    const path = file('mine.yaml', 'delay: {kind: constant, base: 2s}\njitter: {kind: none}\n');
    expect(policyOf(path)).toMatchObject({ delay: { kind: 'constant', base: seconds(2) }, jitter: { kind: 'none' } });
  });

  test('settings of somebody else that only look alike are not taken by half', () => {
    for (const text of [
      '{"Retry":{"MaxRetryAttempts":3,"DelaySeconds":1,"BackoffType":"Exponential","UseJitter":true}}',
      '{"Retry":{"MaxAttempts":3,"BaseDelayMs":500,"UseJitter":true}}',
      '{"backend":{"reconnectInterval":5000,"maxReconnectAttempts":-1}}',
      '{"interface":"socketcan","reconnectPeriod":5,"devices":[]}',
    ])
      expect(() => policyOf(file('strange.json', text))).toThrow(
        /strange.json: no policy is recognised in it: expected one of/,
      );
  });
});

describe('the defaults of a library', () => {
  test.each([
    ['socket.io', 'socket.io'],
    ['partysocket', 'partysocket'],
    ['reconnecting-websocket', 'reconnecting-websocket'],
    ['centrifuge', 'centrifuge'],
    ['nats', 'nats'],
    ['mqtt.js', 'mqtt'],
    ['grpc-channel', 'grpc'],
    ['aws', 'aws-sdk'],
    ['kubernetes', 'kubernetes-crash-loop'],
  ] as const)('%s of an empty file is the preset %s', (format, preset) => {
    const read = policyOf(`${format}:${file('empty.json', '{}')}`);
    const known: Policy = PRESETS[preset].policy;
    for (const draw of [0, 1_000_000_007, 2 ** 31, 2 ** 32 - 1])
      expect(waits(read, 30, draw)).toEqual(waits(known, 30, draw));
    const rest = ({ resetOn, stableAfter, measuredFrom, redraws, attemptsMax, budget }: Policy): unknown[] => [
      resetOn,
      stableAfter,
      measuredFrom,
      redraws,
      attemptsMax,
      budget,
    ];
    expect(rest(read)).toEqual(rest(known));
  });
});

describe('one clear line', () => {
  test.each([
    [
      'a.json',
      '{"reconnectionDelay": "soon"}',
      /socket.io-client options: `reconnectionDelay`: expected a number of milliseconds such as 500, got "soon"/,
    ],
    ['a.json', '{"reconnectionDelay": -1}', /`reconnectionDelay`: expected a number of milliseconds/],
    [
      'a.json',
      '{"reconnectionDelay": 1000, "randomizationFactor": 7}',
      /`randomizationFactor`: expected a number from 0 to 1, got 7/,
    ],
    [
      'a.json',
      '{"retryPolicy":{"initialBackoff":"100ms","maxBackoff":"1s","backoffMultiplier":2}}',
      /`retryPolicy.initialBackoff`: expected a duration in seconds such as "0.25s", got "100ms"/,
    ],
    [
      'a.json',
      '{"retryPolicy":{"initialBackoff":"1s","maxBackoff":"9s","backoffMultiplier":0.5}}',
      /`retryPolicy.backoffMultiplier`: expected a factor of 1 or more/,
    ],
    [
      'a.yaml',
      'resilience4j:\n  retry: {instances: {a: {waitDuration: "${WAIT}"}}}',
      /`resilience4j.retry.instances.a.waitDuration`: expected a value, got the placeholder/,
    ],
    ['a.yaml', 'resilience4j:\n  retry: [\n', /a.yaml: does not parse as YAML \(/],
    ['a.yaml', 'a: {{ .Values.x }}\nb: [', /looks like a template/],
    ['a.yaml', '', /a.yaml: is empty/],
    ['a.yaml', 'name: x\n', /a.yaml: no policy is recognised in it/],
    ['a.yaml', `${'['.repeat(5000)}`, /a.yaml: does not parse as YAML/],
    [
      'a.json',
      '{"Retry":{"BackoffType":"Exponential","UseJitter":"maybe"}}',
      /`Retry.UseJitter`: expected true or false, got "maybe"/,
    ],
    [
      'a.json',
      '{"Retry":{"BackoffType":"Fibonacci"}}',
      /`Retry.BackoffType`: expected one of Constant, Linear, Exponential/,
    ],
    [
      'a.json',
      '{"Retry":{"BackoffType":"Linear","Delay":"2s"}}',
      /`Retry.Delay`: expected a TimeSpan such as "00:00:02", got "2s"/,
    ],
    [
      'bridge.conf',
      'connection a\nrestart_timeout 30 10\n',
      /`a.restart_timeout`: expected a number of seconds above 0, or two/,
    ],
    [
      'a.json',
      '{"retry_policy":{"retry_back_off":{"base_interval":"5s","max_interval":"1s"},"retry_on":"5xx"}}',
      /`retry_policy.retry_back_off.max_interval`: expected `base_interval` or more/,
    ],
  ])('for %s %s', (name, text, problem) => {
    const path = file(name, text);
    expect(() => policyOf(path)).toThrow(problem);
    expect(() => policyOf(path)).toThrow(/^[^\n]*$/);
    try {
      policyOf(path);
    } catch (error) {
      expect((error as { exitCode: number }).exitCode).toBe(2);
    }
  });

  test('for a name that a file does not have, and for a format that does not exist', () => {
    const path = fixture('resilience4j.properties');
    expect(() => policyOf(path)).toThrow(/has 2 policies: expected .*#NAME, with one of backendA, backendB/);
    expect(() => policyOf(`${path}#backendC`)).toThrow(/unknown policy "backendC": did you mean backendA\?/);
  });
});

describe('what a file does not say', () => {
  test('a slip of a setting is told, and the default counts as it does in the library', () => {
    const { policy, lines } = heard(file('slip.json', '{"reconnectionDelay": 500, "reconnectionDelaymax": 9000}'));
    expect(policy.cap).toBe(seconds(5));
    expect(lines).toContain('did you mean reconnectionDelayMax?');
  });

  test('a placeholder with a default is that default', () => {
    const { policy, lines } = heard(
      file(
        'app.yml',
        'resilience4j.retry:\n  instances:\n    a:\n      wait-duration: ${WAIT:2s}\n      max-attempts: "${N:4}"\n',
      ),
    );
    expect(waits(policy)).toEqual([2000, 2000, 2000]);
    expect(lines).toContain('wait-duration: WAIT is taken as its default, 2s');
  });

  test('a TimeSpan without colons is days, and longer than any timer waits', () => {
    const { policy, lines } = heard(
      file('days.json', '{"Retry":{"BackoffType":"Constant","UseJitter":false,"Delay":"30"}}'),
    );
    expect(waits(policy, 1)).toEqual([LONGEST / 1000]);
    expect(lines).toContain('Delay: a TimeSpan without colons is days in .NET');
  });
});
