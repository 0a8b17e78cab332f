/**
 * Clients that ask a function of theirs how long to wait: they take any policy whose waits depend on the attempt, and differ
 * in what they tell the function, in when they forget attempts, and in whether it may end an outage.
 */

import type { Policy } from '../../../src/backoff/policy.ts';
import { formatDuration } from '../../../src/time.ts';
import { millis, type Paste } from './paste.ts';
import { type WaitCode, waitCode } from './wait.ts';

interface Client {
  readonly client: string;
  readonly of: string;
  /** Whether it hands the function the server's hint, and the time since the outage began. */
  readonly tells: { readonly hint?: boolean; readonly elapsed?: boolean };
  /** Whether the function may end an outage. */
  readonly ends: boolean;
  /** When it forgets attempts; null: when our code says so. */
  readonly forgets: 'open' | 'accepted' | null;
  /** What else it does not do. */
  readonly lost?: readonly string[];
  code(wait: WaitCode, policy: Policy): string;
}

/** `wait(attempt)`, or 0 where a null cannot come. */
const asked = (wait: WaitCode, attempt: string, elapsed?: string): string =>
  elapsed !== undefined && wait.takes.elapsed ? `wait(${attempt}, 0, ${elapsed})` : `wait(${attempt})`;

/** A number in any case, for clients that cannot give up. */
const always = (wait: WaitCode, attempt: string): string =>
  wait.ends ? `${asked(wait, attempt)} ?? ${NEVER}` : asked(wait, attempt);

/** When the outage began, for a policy that counts from there. */
const since = (wait: WaitCode): string => (wait.takes.elapsed ? 'let lostAt = 0;\n' : '');
const noted = (wait: WaitCode, indent: string): string =>
  wait.takes.elapsed ? `${indent}if (attempt === 0) lostAt = Date.now();\n` : '';

/** As long as a timer can wait, 24.8 days: as good as giving up, and more would fire at once. */
const NEVER = '2_147_483_647';

const stable = ({ stableAfter }: Policy, reset: string): string =>
  stableAfter === 0 ? `${reset};` : `good = setTimeout(() => { ${reset}; }, ${millis(stableAfter)});`;

const CLIENTS: readonly Client[] = [
  {
    client: 'WebSocket',
    of: 'plain TypeScript, no dependencies',
    tells: { elapsed: true },
    ends: true,
    forgets: null,
    lost: [],
    code: (wait, policy) => `${wait.code}

let attempt = 0;
${since(wait)}let good: ReturnType<typeof setTimeout> | undefined;

function connect(url: string): void {
  const socket = new WebSocket(url);
  socket.onopen = () => {
    ${stable(policy, 'attempt = 0')}
  };
  socket.onclose = () => {
    clearTimeout(good);
${noted(wait, '    ')}    const ms = ${asked(wait, 'attempt++', 'Date.now() - lostAt')};
    ${wait.ends ? 'if (ms !== null) ' : ''}setTimeout(() => connect(url), ms);
  };
}`,
  },
  {
    client: 'reconnecting-websocket',
    of: 'reconnecting-websocket 4.4',
    tells: {},
    ends: false,
    forgets: null,
    code: (wait, policy) => `import ReconnectingWebSocket from 'reconnecting-websocket';

${wait.code}

${growing('ReconnectingWebSocket', wait, policy)}`,
  },
  {
    client: 'partysocket',
    of: 'partysocket 1.3',
    tells: {},
    ends: false,
    forgets: null,
    lost: ['its PartySocket copies its options, and would ask once: this is its WebSocket'],
    code: (wait, policy) => `import ReconnectingWebSocket from 'partysocket/ws';

${wait.code}

${growing('ReconnectingWebSocket', wait, policy)}`,
  },
  {
    client: 'socket.io-client',
    of: 'socket.io-client 4.8',
    tells: { elapsed: true },
    ends: true,
    forgets: null,
    code: (wait, policy) => `import { io } from 'socket.io-client';

${wait.code}

// Its own backoff is switched off: it draws before it cuts, so that from the fifth retry everybody waits exactly as long.
const socket = io(url, { reconnection: false });
let attempt = 0;
${since(wait)}let good: ReturnType<typeof setTimeout> | undefined;
const again = () => {
  clearTimeout(good);
${noted(wait, '  ')}  const ms = ${asked(wait, 'attempt++', 'Date.now() - lostAt')};
  ${wait.ends ? 'if (ms !== null) ' : ''}setTimeout(() => socket.connect(), ms);
};
socket.on('connect', () => {
  ${stable(policy, 'attempt = 0')}
});
socket.on('connect_error', again);
socket.on('disconnect', (reason) => {
  if (reason !== 'io client disconnect') again();
});`,
  },
  {
    client: 'phoenix',
    of: 'phoenix 1.8',
    tells: {},
    ends: false,
    forgets: 'open',
    code: (wait) => `import { Socket } from 'phoenix';

${wait.code}

const socket = new Socket('/socket', { reconnectAfterMs: (tries) => ${always(wait, 'tries - 1')} });`,
  },
  {
    client: 'graphql-ws',
    of: 'graphql-ws 6.4',
    tells: {},
    ends: true,
    forgets: 'accepted',
    lost: ['a fatal close (4400 and other codes of the protocol) is not followed by another dial'],
    code: (wait, policy) => `import { createClient } from 'graphql-ws';

${wait.code}

const client = createClient({
  url,
  retryAttempts: ${policy.attemptsMax ?? 'Number.POSITIVE_INFINITY'},
  shouldRetry: () => true,
  retryWait: (retries) => {
    const ms = ${asked(wait, 'retries')};
    ${wait.ends ? "return ms === null ? Promise.reject(new Error('gave up')) : new Promise((done) => setTimeout(done, ms));" : 'return new Promise((done) => setTimeout(done, ms));'}
  },
});`,
  },
  {
    client: 'SignalR',
    of: '@microsoft/signalr 10.0',
    tells: { elapsed: true },
    ends: true,
    forgets: 'accepted',
    lost: ['its first start() is not tried again'],
    code: (wait) => `import { HubConnectionBuilder, type IRetryPolicy } from '@microsoft/signalr';

${wait.code}

const policy: IRetryPolicy = {
  nextRetryDelayInMilliseconds: ({ previousRetryCount${wait.takes.elapsed ? ', elapsedMilliseconds' : ''} }) => ${asked(wait, 'previousRetryCount', 'elapsedMilliseconds')},
};
const connection = new HubConnectionBuilder().withUrl('/hub').withAutomaticReconnect(policy).build();`,
  },
  {
    client: 'mqtt.js',
    of: 'mqtt 5.16',
    tells: { elapsed: true },
    ends: true,
    forgets: null,
    lost: ['its message stores begin anew with each dial, unless reconnect() is handed them'],
    code: (wait, policy) => `import { connect } from 'mqtt';

${wait.code}

// reconnectPeriod is one number for every retry and every client, so it is switched off.
const client = connect(url, { reconnectPeriod: 0 });
let attempt = 0;
${since(wait)}let good: ReturnType<typeof setTimeout> | undefined;
client.on('connect', () => {
  ${stable(policy, 'attempt = 0')}
});
client.on('close', () => {
  clearTimeout(good);
  if (client.disconnecting) return;
${noted(wait, '  ')}  const ms = ${asked(wait, 'attempt++', 'Date.now() - lostAt')};
  ${wait.ends ? 'if (ms !== null) ' : ''}setTimeout(() => client.reconnect(), ms);
});`,
  },
  {
    client: 'ioredis',
    of: 'ioredis 5 and 6',
    tells: {},
    ends: true,
    forgets: 'accepted',
    code: (wait) => `import { Redis } from 'ioredis';

${wait.code}

const redis = new Redis({ retryStrategy: (times) => ${asked(wait, 'times - 1')} });`,
  },
  {
    client: 'AWS SDK',
    of: '@smithy/util-retry 4 (AWS SDK for JavaScript 3)',
    tells: {},
    ends: false,
    forgets: null,
    lost: ['it keeps its bucket of 500 tokens beside', 'it is about requests: each one counts its own attempts'],
    code: (wait, policy) => `import { ConfiguredRetryStrategy } from '@smithy/util-retry';

${wait.code}

const client = new S3Client({
  retryStrategy: new ConfiguredRetryStrategy(${policy.attemptsMax === null ? 'Number.POSITIVE_INFINITY' : policy.attemptsMax + 1}, (attempt) => ${always(wait, 'attempt - 1')}),
});`,
  },
];

/** The options of reconnecting-websocket with one number that is made anew whenever it is asked for. */
const growing = (name: string, wait: WaitCode, { attemptsMax, stableAfter }: Policy): string =>
  `let socket: ${name} | undefined;
socket = new ${name}(url, [], {
  // It is asked for before each dial: before the first of all while there is no socket yet.
  get minReconnectionDelay(): number {
    return socket === undefined ? 0 : ${always(wait, 'socket.retryCount - 1')};
  },
  reconnectionDelayGrowFactor: 1,
  maxReconnectionDelay: ${NEVER},
  minUptime: ${millis(stableAfter)},${attemptsMax === null ? '' : `\n  maxRetries: ${attemptsMax},`}
});`;

/** The policy as code for each client that asks a function. */
export const codeFor = (policy: Policy): readonly Paste[] => {
  const wait = waitCode(policy);
  return CLIENTS.map((each) => ({
    client: each.client,
    of: each.of,
    language: 'ts',
    code: each.code(wait, policy),
    lost: [...wait.lost, ...unheard(each, wait), ...forgotten(each, policy), ...(each.lost ?? [])],
  }));
};

function unheard({ tells, ends }: Client, wait: WaitCode): readonly string[] {
  return [
    ...(wait.takes.hint && tells.hint !== true
      ? ["a server's retry-after is not heard: hand it to wait() if you have it"]
      : []),
    ...(wait.takes.elapsed && tells.elapsed !== true ? ['it does not give up by the time since the outage began'] : []),
    ...(wait.ends && !ends ? ['it does not give up, but waits for 24.8 days'] : []),
  ];
}

function forgotten({ forgets }: Client, { stableAfter, resetOn }: Policy): readonly string[] {
  if (forgets === null) return resetOn === 'never' ? ['attempts are forgotten when a connection is good'] : [];
  const early =
    forgets === 'open' && resetOn === 'accepted' ? ['attempts are forgotten as soon as the socket opens'] : [];
  return stableAfter === 0
    ? early
    : [
        `attempts are forgotten as soon as the ${forgets === 'open' ? 'socket opens' : 'server accepts'}, not after ${formatDuration(stableAfter)}`,
      ];
}
