/**
 * Envoy: the `retry_policy` of a route, of a gRPC service or of a source of data. YAML or JSON, and keys in either
 * spelling of protobuf.
 *
 * The interval doubles from `base_interval` to `max_interval`, and a wait is drawn from nothing to the interval.
 */
import type { Policy } from '../../../src/backoff/policy.ts';
import { ms, seconds, us, ZERO } from '../../../src/time.ts';
import { isRecord, joined, type Place } from './document.ts';
import { PROTOBUF } from './durations.ts';
import type { Found, PolicyFormat } from './format.ts';
import { CUT_TO_MS, growing, PLAIN, retriesOf, waitOf } from './made.ts';
import { Part, relaxed } from './part.ts';

const CALLS = 'which requests are retried and where, not when';

const KEYS = ['retryon', 'numretries', 'retrybackoff', 'ratelimitedretrybackoff'];

const isRetryPolicy = (value: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(value).some((key) => KEYS.includes(relaxed(key)));

export const ENVOY: PolicyFormat = {
  name: 'envoy',
  title: 'Envoy retry policy (retries of requests, taken as dials)',
  library: 'Envoy 1.35',
  find(places) {
    const within = places.flatMap((place) =>
      Object.entries(place.value).flatMap(([key, value]) =>
        relaxed(key) === 'retrypolicy' && isRecord(value) && (isRetryPolicy(value) || isRoute(place.value))
          ? [found({ path: joined(place.path, key), value }, place)]
          : [],
      ),
    );
    if (within.length > 0) return within;
    return places.filter(({ value }) => isRetryPolicy(value)).map((place) => found(place, null));
  },
  force: (place) => found(place, null),
};

/** Somebody's route with an empty policy: everything of it is a default. */
const isRoute = (value: Readonly<Record<string, unknown>>): boolean =>
  ['cluster', 'weighted_clusters', 'envoy_grpc', 'http_uri'].some((key) => Object.hasOwn(value, key));

/** A source of data is asked again after 1 s, a request after 25 ms. */
const isSource = ({ value }: Place): boolean =>
  ['http_uri', 'httpUri', 'envoy_grpc', 'envoyGrpc', 'google_grpc', 'remote'].some((key) => Object.hasOwn(value, key));

function found(place: Place, around: Place | null): Found {
  const source = around !== null && isSource(around);
  return {
    name: around === null || around.path === '' ? null : nameOf(around),
    read(log) {
      const part = new Part(place, log, relaxed);
      const retries = part.number(['num_retries'], 1, { whole: true });
      const backoff = part.part('retry_back_off');
      const base =
        backoff === null ? (source ? seconds(1) : ms(25)) : backoff.duration(['base_interval'], PROTOBUF, ms(25));
      if (backoff === null) log.missing.push(`retry_back_off.base_interval ${source ? '1s' : '25ms'}`);
      if (base === 0) backoff?.problem(['base_interval'], 'a duration above 0', '0s');
      const cap = backoff?.has('max_interval')
        ? backoff.duration(['max_interval'], PROTOBUF, us(base * 10))
        : us(base * 10);
      if (!backoff?.has('max_interval')) log.missing.push('max_interval ten times base_interval');
      if (cap < base) backoff?.problem(['max_interval'], '`base_interval` or more', backoff.get('max_interval'));
      backoff?.rest({}, 'Envoy');
      let hint: Partial<Policy> = {};
      const limited = part.part('rate_limited_retry_back_off');
      if (limited !== null) {
        const most = limited.duration(['max_interval'], PROTOBUF, seconds(300));
        limited.get('reset_headers');
        part.note(
          'rate_limited_retry_back_off: Envoy adds up to half of the hint, here up to retryAfterSpread; a longer one than max_interval does not count there, and counts as that here',
        );
        hint = {
          retryAfter: 'honour',
          retryAfterSpread: seconds(1),
          retryAfterMost: waitOf(part, 'rate_limited_retry_back_off.max_interval', most),
        };
      }
      part.rest(
        {
          retry_on: CALLS,
          retriable_status_codes: CALLS,
          retriable_headers: CALLS,
          retriable_request_headers: CALLS,
          retry_priority: CALLS,
          retry_host_predicate: CALLS,
          host_selection_retry_max_attempts: CALLS,
          retry_options_predicates: CALLS,
          per_try_timeout: 'how long a try may take, not when the next one comes',
          per_try_idle_timeout: 'how long a try may take, not when the next one comes',
        },
        'Envoy',
      );
      const most = waitOf(part, 'max_interval', cap);
      return {
        ...PLAIN,
        delay: growing(part, { base, factor: 2, cap: most, names: ['base_interval', 'factor'] }),
        jitter: { kind: 'full', floor: ZERO },
        cap: most,
        rounding: CUT_TO_MS,
        attemptsMax: retriesOf(retries),
        ...hint,
      };
    },
  };
}

/** The cluster that a route goes to, which people know better than its place. */
function nameOf({ path, value }: Place): string {
  const cluster = value.cluster;
  return typeof cluster === 'string' ? cluster : path;
}
