/**
 * Clients that have numbers for a shape of their own: a policy of that shape is exact, and any other one gets the nearest
 * numbers with a line for each difference.
 */

import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { formatDuration } from '../../../src/time.ts';
import type { Paste } from './paste.ts';

/** What a policy looks like to a client that only knows how to grow. */
interface Shape {
  /** The first delay and the longest, in microseconds; the growth from one to the next. */
  readonly base: number;
  readonly cap: number;
  readonly factor: number;
  /** Where the range about a value begins and ends, as shares of it: full jitter is 0 to 1. */
  readonly from: number;
  readonly to: number;
  readonly lost: readonly string[];
}

function shapeOf(policy: Policy): Shape {
  const { delay, jitter, cap, ceiling } = policy;
  const lost: string[] = [];
  const most = Math.min(ceiling ?? cap, cap);
  const limit = Math.min(most, LONGEST);
  const growth = (): { base: number; factor: number } => {
    if (jitter.kind === 'decorrelated' && delay.kind === 'constant') {
      lost.push('decorrelated jitter grows from the last wait: here the curve grows by itself');
      return { base: delay.base, factor: (1 + jitter.factor.num / jitter.factor.of) / 2 };
    }
    switch (delay.kind) {
      case 'constant':
        return { base: delay.base, factor: 1 };
      case 'exponential':
        if (delay.compounds) lost.push('growth goes by the ideal curve, not by the wait that was drawn');
        return { base: delay.base, factor: delay.factor.num / delay.factor.of };
      case 'linear':
        lost.push('delays double instead of growing by a step');
        return { base: Math.max(delay.base, 1), factor: 2 };
      case 'table':
        lost.push('delays double instead of following the table');
        return { base: delay.delays.find((each) => each > 0) ?? 1000, factor: 2 };
    }
  };
  const { base, factor } = growth();
  const spread = (): readonly [from: number, to: number] => {
    switch (jitter.kind) {
      case 'none':
        return [1, 1];
      case 'full':
        if (jitter.floor > 0) lost.push(`waits may be shorter than ${formatDuration(jitter.floor)}`);
        return [0, 1];
      case 'equal':
        return [0.5, 1];
      case 'proportional':
        return [1 - jitter.below.num / jitter.below.of, 1 + jitter.above.num / jitter.above.of];
      case 'comb':
        return [1 - jitter.share.num / jitter.share.of, 1 + jitter.share.num / jitter.share.of];
      case 'decorrelated':
        return [0, 1];
      case 'additive':
      case 'exponential':
      case 'decorrelated-v2':
        lost.push(`its jitter (${jitter.kind}) is not known here`);
        return [0.5, 1.5];
    }
  };
  const [from, to] = spread();
  if (policy.atOnce) lost.push('the first retry does not come at once');
  if (policy.first !== null) lost.push('the first retry is not drawn by itself');
  if (policy.modes.length > 0) lost.push('its other modes are left out');
  if (policy.budget !== null) lost.push('its budget of tokens is left out');
  if (policy.window !== null || policy.throttle !== null) lost.push('its limits on dials are left out');
  if (policy.elapsedMax !== null) lost.push('it does not give up by the time since the outage began');
  return { base, cap: limit, factor, from, to, lost };
}

const ms = (us: number): number => Math.max(1, Math.round(us / 1000));
const decimal = (value: number): number => Math.round(value * 1000) / 1000;
const share = (value: number): string => `${decimal(value * 100)} %`;

/** A line for each number that a client has fixed, and the policy otherwise. */
function fixed(
  { factor, from, to }: Shape,
  own: { readonly factor?: number; readonly from?: number; readonly to?: number },
): readonly string[] {
  const range = (low: number, high: number): string =>
    low === high ? 'not spread' : `spread from ${share(low)} to ${share(high)} of the curve`;
  return [
    ...(own.factor !== undefined && Math.abs(own.factor - factor) > 1e-9
      ? [`delays grow by ${own.factor} here, by ${decimal(factor)} in the policy`]
      : []),
    ...(own.from !== undefined &&
    own.to !== undefined &&
    (Math.abs(own.from - from) > 1e-9 || Math.abs(own.to - to) > 1e-9)
      ? [`waits are ${range(own.from, own.to)}, not ${range(from, to)}`]
      : []),
  ];
}

const hint = ({ retryAfter }: Policy): readonly string[] =>
  retryAfter === 'ignore' ? [] : ["a server's retry-after is not heard"];
const forever = ({ attemptsMax }: Policy): readonly string[] => (attemptsMax === null ? [] : ['it never gives up']);
const endsAt = ({ attemptsMax }: Policy, most: number): readonly string[] =>
  attemptsMax === null || attemptsMax > most ? [`it gives up after ${most} retries`] : [];

/** The policy as settings of each client that has only settings. */
export function settingsFor(policy: Policy): readonly Paste[] {
  const shape = shapeOf(policy);
  const { base, cap, factor, from, to } = shape;
  return [centrifuge(policy, shape), grpcChannel(policy, shape), grpcService(), envoy(), resilience4j()];

  function grpcService(): Paste {
    const attempts = Math.min(5, (policy.attemptsMax ?? 4) + 1);
    const config = {
      methodConfig: [
        {
          name: [{}],
          retryPolicy: {
            maxAttempts: Math.max(2, attempts),
            initialBackoff: `${decimal(base / 1_000_000)}s`,
            maxBackoff: `${decimal(cap / 1_000_000)}s`,
            backoffMultiplier: decimal(factor),
            retryableStatusCodes: ['UNAVAILABLE'],
          },
        },
      ],
    };
    return {
      client: 'gRPC service config',
      of: 'gRPC (retries of calls)',
      language: 'json',
      code: JSON.stringify(config, null, 2),
      lost: [
        ...shape.lost,
        ...fixed(shape, { from: 0.8, to: 1.2 }),
        ...endsAt(policy, 4),
        ...(['honour', 'floor'].includes(policy.retryAfter)
          ? ["a server's pushback is the wait itself, without a spread"]
          : []),
      ],
    };
  }

  function envoy(): Paste {
    const retries = policy.attemptsMax ?? 100;
    const limited =
      policy.retryAfter === 'ignore'
        ? ''
        : '\n  rate_limited_retry_back_off:\n    reset_headers:\n      - name: Retry-After\n        format: SECONDS';
    return {
      client: 'Envoy',
      of: 'Envoy 1.35 (retries of requests)',
      language: 'yaml',
      code: `retry_policy:\n  retry_on: connect-failure,refused-stream,gateway-error\n  num_retries: ${retries}\n  retry_back_off:\n    base_interval: ${decimal(base / 1_000_000)}s\n    max_interval: ${decimal(cap / 1_000_000)}s${limited}`,
      lost: [
        ...shape.lost,
        ...fixed(shape, { factor: 2, from: 0, to: 1 }),
        ...endsAt(policy, retries),
        ...(policy.retryAfter === 'ignore' ? [] : ['a hint is spread over half of itself more']),
      ],
    };
  }

  function resilience4j(): Paste {
    const around = Math.max(1 - from, to - 1);
    const even = Math.abs(1 - from - (to - 1)) < 1e-9;
    // A range from 0 to the value is 50 % around half of it.
    const halved = from === 0 && to === 1;
    const first = halved ? base / 2 : base;
    const most = halved ? cap / 2 : cap;
    const spread = halved ? 1 : decimal(around);
    const grows = factor > 1;
    const lines = [
      'resilience4j:',
      '  retry:',
      '    instances:',
      '      reconnect:',
      `        maxAttempts: ${policy.attemptsMax === null ? 1000 : policy.attemptsMax + 1}`,
      `        waitDuration: ${ms(first)}ms`,
      ...(grows
        ? [
            '        enableExponentialBackoff: true',
            `        exponentialBackoffMultiplier: ${decimal(factor)}`,
            `        exponentialMaxWaitDuration: ${ms(spread > 0 && from !== to ? most * (1 + spread) : most)}ms`,
          ]
        : []),
      ...(spread > 0 ? ['        enableRandomizedWait: true', `        randomizedWaitFactor: ${spread}`] : []),
    ];
    const lost = [
      ...shape.lost,
      ...(even || halved || from === to ? [] : fixed(shape, { from: 1 - around, to: 1 + around })),
      ...(spread > 0 && grows
        ? [
            'the curve has no cap, and what is drawn is cut: late in an outage everybody waits exactly exponentialMaxWaitDuration',
          ]
        : []),
      ...endsAt(policy, policy.attemptsMax ?? 999),
      ...hint(policy),
    ];
    return {
      client: 'resilience4j',
      of: 'resilience4j 2.4 with Spring Boot',
      language: 'yaml',
      code: lines.join('\n'),
      lost,
    };
  }
}

function centrifuge(policy: Policy, shape: Shape): Paste {
  const { jitter } = policy;
  const exact = jitter.kind === 'full' && jitter.floor === shape.base;
  return {
    client: 'centrifuge',
    of: 'centrifuge 5.7',
    language: 'ts',
    code: `import { Centrifuge } from 'centrifuge';\n\nconst client = new Centrifuge(url, { minReconnectDelay: ${ms(shape.base)}, maxReconnectDelay: ${ms(shape.cap)} });`,
    lost: [
      ...shape.lost.filter((line) => !exact || !line.startsWith('waits may be shorter')),
      ...(exact
        ? []
        : [`waits are ${formatDuration(shape.base)} and up to the curve more, cut at the cap after the draw`]),
      ...fixed(shape, { factor: 2 }),
      ...(policy.stableAfter === 0
        ? []
        : [`attempts are forgotten as soon as the server accepts, not after ${formatDuration(policy.stableAfter)}`]),
      ...forever(policy),
      ...hint(policy),
    ],
  };
}

function grpcChannel(policy: Policy, shape: Shape): Paste {
  return {
    client: 'gRPC channel',
    of: '@grpc/grpc-js 1.14 (connections)',
    language: 'ts',
    code: `const client = new Client(address, credentials, {\n  'grpc.initial_reconnect_backoff_ms': ${ms(shape.base)},\n  'grpc.max_reconnect_backoff_ms': ${ms(shape.cap)},\n});`,
    lost: [
      ...shape.lost.filter((line) => !line.startsWith('the first retry') && !line.startsWith('growth goes by')),
      ...fixed(shape, { factor: 1.6, from: 0.8, to: 1.2 }),
      ...(policy.atOnce ? [] : ['the first retry comes at once, and the next one is not spread']),
      ...forever(policy),
      ...hint(policy),
    ],
  };
}
