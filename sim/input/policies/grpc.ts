/**
 * gRPC: the service config, whose `retryPolicy` is about calls, and the arguments of a channel, whose backoff is about
 * connections. Both are read, the first as if each retry were a dial.
 */
import { type Budget, LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { type Duration, seconds, us } from '../../../src/time.ts';
import { byKeys } from './by-keys.ts';
import { isRecord, joined, type Place } from './document.ts';
import { MILLISECONDS, PROTOBUF } from './durations.ts';
import type { Found, Log, PolicyFormat } from './format.ts';
import { growing, PLAIN, ratioBy, retriesOf, waitOf } from './made.ts';
import { caseless, Part } from './part.ts';

const CALLS = 'which calls are retried, not when';

/** More attempts than that are cut by the client (`grpc-node.retry_max_attempts_limit`). */
const ATTEMPTS_MOST = 5;

/** Go reads JSON in any case, and people write `InitialBackoff`. */
const isRetryPolicy = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isRecord(value) &&
  Object.keys(value).some((key) => ['initialbackoff', 'maxbackoff', 'backoffmultiplier'].includes(caseless(key)));

/** The service or method that a `methodConfig` is for; null for the one of all. */
function nameOf(config: Readonly<Record<string, unknown>>): string | null {
  const [first] = Array.isArray(config.name) ? config.name : [];
  if (!isRecord(first) || typeof first.service !== 'string' || first.service === '') return null;
  return typeof first.method === 'string' ? `${first.service}/${first.method}` : first.service;
}

export const GRPC_SERVICE: PolicyFormat = {
  name: 'grpc',
  title: 'gRPC service config (retries of calls, taken as dials)',
  library: '@grpc/grpc-js 1.14.7',
  find(places) {
    const configs = places.filter(({ value }) => isRetryPolicy(value.retryPolicy));
    if (configs.length > 0)
      return configs.map((place) =>
        retry(
          { path: joined(place.path, 'retryPolicy'), value: place.value.retryPolicy as Place['value'] },
          place,
          places,
        ),
      );
    return places.filter(({ value }) => isRetryPolicy(value)).map((place) => retry(place, null, places));
  },
  force: (place) => retry(place, null, [place]),
};

/** `retryThrottling`: a failure takes a token, and retries stop as long as no more than half of them is left. */
function bucket({ path, value }: Place, log: Log): Budget | null {
  const part = new Part(
    { path: joined(path, 'retryThrottling'), value: value.retryThrottling as Place['value'] },
    log,
    caseless,
  );
  const tokens = part.number(['maxTokens'], 10, { least: 1, most: 1000, whole: true });
  const ratio = part.number(['tokenRatio'], 0.1);
  part.note('retryThrottling: all calls of a channel share its tokens; here each client has its own');
  return {
    tokens,
    cost: 1,
    reserve: tokens === 1 ? null : Math.floor(tokens / 2),
    perSuccess: ratioBy(part, 'tokenRatio', ratio),
    perSecond: { num: 0, of: 1 },
    empty: 'stop',
  };
}

function retry(place: Place, config: Place | null, places: readonly Place[]): Found {
  return {
    name: config === null ? null : nameOf(config.value),
    read(log) {
      const part = new Part(place, log, caseless);
      const attempts = part.has('maxAttempts')
        ? part.number(['maxAttempts'], ATTEMPTS_MOST, { least: 2, whole: true })
        : ATTEMPTS_MOST;
      if (!part.has('maxAttempts'))
        part.note(`maxAttempts: clients refuse a policy without it; read as the most, ${ATTEMPTS_MOST}`);
      const base = waitOf(part, 'initialBackoff', part.duration(['initialBackoff'], PROTOBUF, seconds(1)));
      const most = waitOf(part, 'maxBackoff', part.duration(['maxBackoff'], PROTOBUF, seconds(120)));
      const factor = part.number(['backoffMultiplier'], 1.6);
      if (attempts > ATTEMPTS_MOST)
        part.note(`maxAttempts: clients cut ${attempts} to ${ATTEMPTS_MOST} unless a channel argument says otherwise`);
      part.rest(
        {
          retryableStatusCodes: CALLS,
          perAttemptRecvTimeout: 'how long an attempt may take, not when the next one comes',
        },
        'gRPC',
      );
      const throttling = places.find(
        ({ value }) => isRecord(value.retryThrottling) && Object.hasOwn(value, 'methodConfig'),
      );
      const budget = throttling === undefined ? null : bucket(throttling, log);
      if (config !== null) {
        const around = new Part(config, log, caseless);
        for (const key of ['name', 'retryPolicy']) around.get(key);
        around.rest(
          {
            timeout: 'how long a call may take, retries included',
            retryThrottling: 'belongs beside methodConfig, and is ignored within it',
            waitForReady: CALLS,
            maxRequestMessageBytes: CALLS,
            maxResponseMessageBytes: CALLS,
          },
          'gRPC',
        );
      }
      const share = { num: 1, of: 5 };
      return {
        ...PLAIN,
        delay: growing(part, { base, factor, cap: most, names: ['initialBackoff', 'backoffMultiplier'] }),
        jitter: { kind: 'proportional', below: share, above: share },
        ceiling: most,
        cap: us(Math.min(Math.trunc((most * 6) / 5), LONGEST)),
        attemptsMax: retriesOf(Math.min(attempts, ATTEMPTS_MOST) - 1),
        budget,
        // A server's pushback is the delay itself.
        retryAfter: 'exact',
      };
    },
  };
}

const WHERE = 'how the channel connects, not when it dials';

export const GRPC_CHANNEL: PolicyFormat = byKeys({
  name: 'grpc-channel',
  title: 'gRPC channel arguments (connection backoff)',
  library: '@grpc/grpc-js 1.14.7',
  any: ['grpc.initial_reconnect_backoff_ms', 'grpc.max_reconnect_backoff_ms', 'grpc.min_reconnect_backoff_ms'],
  others: {
    'grpc.min_reconnect_backoff_ms':
      'how long a dial may take at least (MIN_CONNECT_TIMEOUT), not when the next one comes',
    'grpc.keepalive_time_ms': 'when a connection counts as lost, not when to dial',
    'grpc.keepalive_timeout_ms': 'when a connection counts as lost, not when to dial',
    'grpc.enable_retries': 'retries of calls, not of connections',
    'grpc.service_config': 'retries of calls, not of connections: read it as grpc:FILE',
    'grpc.max_receive_message_length': WHERE,
    'grpc.max_send_message_length': WHERE,
  },
  read(part) {
    const initial = waitOf(
      part,
      'initial',
      part.duration(['grpc.initial_reconnect_backoff_ms'], MILLISECONDS, seconds(1)),
    );
    const most = waitOf(part, 'max', part.duration(['grpc.max_reconnect_backoff_ms'], MILLISECONDS, seconds(120)));
    return { ...connection(part, initial, most, 1.6, 0.2), atOnce: true, measuredFrom: 'dial' };
  },
});

/** The backoff of a channel: the first wait is not drawn, and each one that was drawn is multiplied again. */
function connection(part: Part, initial: Duration, most: Duration, factor: number, jitter: number): Policy {
  const share = ratioBy(part, 'jitter', jitter);
  const first = us(Math.min(initial, most));
  const delay = growing(part, {
    base: initial,
    factor,
    cap: most,
    names: ['grpc.initial_reconnect_backoff_ms', 'factor'],
  });
  return {
    ...PLAIN,
    delay: delay.kind === 'exponential' ? { ...delay, compounds: true } : delay,
    jitter: { kind: 'proportional', below: share, above: share },
    first: { least: first, most: first },
    ceiling: most,
    cap: us(Math.min(Math.trunc(most * (1 + jitter)), LONGEST)),
  };
}
