/** Options of clients in JavaScript: socket.io, reconnecting-websocket, partysocket, centrifuge, nats and mqtt.js. */
import { LONGEST, type Policy } from '../../../src/backoff/policy.ts';
import { type Duration, ms, seconds, us, ZERO } from '../../../src/time.ts';
import { byKeys } from './by-keys.ts';
import { MILLISECONDS } from './durations.ts';
import type { PolicyFormat } from './format.ts';
import { CUT_TO_MS, growing, PLAIN, ratioBy, retriesOf, waitOf } from './made.ts';
import { numberOf } from './numbers.ts';
import type { Part } from './part.ts';

const DIAL = 'how long a dial may take, not when the next one comes';
const WHERE = 'where and as what to connect, not when';

export const SOCKET_IO: PolicyFormat = byKeys({
  name: 'socket.io',
  title: 'socket.io-client options',
  library: 'socket.io-client 4.8.4',
  any: ['reconnectionDelay', 'reconnectionDelayMax', 'reconnectionAttempts', 'randomizationFactor'],
  others: {
    timeout: DIAL,
    autoConnect: WHERE,
    path: WHERE,
    transports: WHERE,
    auth: WHERE,
    query: WHERE,
    forceNew: WHERE,
    multiplex: WHERE,
    withCredentials: WHERE,
    extraHeaders: WHERE,
    secure: WHERE,
    rejectUnauthorized: WHERE,
    upgrade: WHERE,
    url: WHERE,
    ackTimeout: 'how long an acknowledgement may take, not when to dial',
    retries: 'how often a packet is sent again, not when to dial',
  },
  read(part) {
    const reconnection = part.truth(['reconnection'], true);
    const attempts = part.number(['reconnectionAttempts'], Number.POSITIVE_INFINITY);
    const base = waitOf(part, 'reconnectionDelay', part.duration(['reconnectionDelay'], MILLISECONDS, seconds(1)));
    const cap = waitOf(part, 'reconnectionDelayMax', part.duration(['reconnectionDelayMax'], MILLISECONDS, seconds(5)));
    const share = part.number(['randomizationFactor'], 0.5, { most: 1 });
    const deviation = ratioBy(part, 'randomizationFactor', share);
    if (!reconnection) part.note('reconnection false: the client never dials again, so neither does this policy');
    return {
      ...PLAIN,
      delay: growing(part, { base, factor: 2, cap, names: ['reconnectionDelay', 'factor'] }),
      jitter: share === 0 ? { kind: 'none' } : { kind: 'comb', share: deviation, teeth: 10 },
      cap,
      ceiling: share === 0 ? null : LONGEST,
      capOn: share === 0 ? 'range' : 'draw',
      rounding: CUT_TO_MS,
      resetOn: 'open',
      attemptsMax: reconnection ? retriesOf(attempts) : 0,
    };
  },
});

/** What reconnecting-websocket and its fork partysocket have in common; only the first delay differs when it is not set. */
const growth = (part: Part, first: { readonly least: number; readonly most: number }): Policy => {
  const names = { least: 'minReconnectionDelay', cap: 'maxReconnectionDelay', factor: 'reconnectionDelayGrowFactor' };
  const drawn = spread(part, names.least, first);
  const cap = waitOf(part, names.cap, part.duration([names.cap], MILLISECONDS, seconds(10)));
  const factor = part.number([names.factor], 1.3);
  const attempts = part.number(['maxRetries'], Number.POSITIVE_INFINITY);
  const stableAfter = part.duration(['minUptime'], MILLISECONDS, seconds(5));
  const base = drawn?.least ?? waitOf(part, names.least, part.duration([names.least], MILLISECONDS, us(first.least)));
  const delay = growing(part, { base, factor, cap, names: [names.least, names.factor] });
  return {
    ...PLAIN,
    delay: drawn !== null && delay.kind === 'exponential' ? { ...delay, compounds: true } : delay,
    first: drawn === null ? null : { least: us(Math.min(drawn.least, cap)), most: us(Math.min(drawn.most, cap)) },
    cap,
    attemptsMax: retriesOf(attempts),
    resetOn: 'open',
    stableAfter,
  };
};

/**
 * The range that the first delay is drawn from, once for all sockets of a page: that of the library where it is not set, or
 * `1000 + Math.random() * 4000`, as people copy it from there.
 */
function spread(
  part: Part,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
): { readonly least: Duration; readonly most: Duration } | null {
  const formula = /^([\d_.e]+)\s*\+\s*Math\.random\(\)\s*\*\s*([\d_.e]+)$/i.exec(String(part.get(name) ?? '').trim());
  const range =
    formula === null
      ? [least, most]
      : [(numberOf(formula[1]) ?? 0) * 1000, ((numberOf(formula[1]) ?? 0) + (numberOf(formula[2]) ?? 0)) * 1000];
  if (formula === null && (part.has(name) || most === least)) return null;
  part.note(`${name}: drawn once, when the code loads; here each outage draws it anew`);
  return { least: us(range[0] as number), most: us(range[1] as number) };
}

const GROWTH_KEYS = ['minReconnectionDelay', 'maxReconnectionDelay', 'reconnectionDelayGrowFactor'] as const;
const GROWTH_OTHERS = {
  connectionTimeout: DIAL,
  maxEnqueuedMessages: 'what waits for a connection, not when to dial',
  startClosed: WHERE,
  debug: WHERE,
  WebSocket: WHERE,
};

export const RECONNECTING_WEBSOCKET: PolicyFormat = byKeys({
  name: 'reconnecting-websocket',
  title: 'reconnecting-websocket options',
  library: 'reconnecting-websocket 4.4.0',
  any: GROWTH_KEYS,
  not: ['room', 'party', 'partySocketOptions', 'shouldReconnectOnClose', 'initialReconnectionDelay'],
  others: GROWTH_OTHERS,
  read: (part) => growth(part, { least: seconds(1), most: seconds(5) }),
});

export const PARTYSOCKET: PolicyFormat = byKeys({
  name: 'partysocket',
  title: 'partysocket options',
  library: 'partysocket 1.3.0',
  any: GROWTH_KEYS,
  not: ['initialReconnectionDelay'],
  others: {
    ...GROWTH_OTHERS,
    host: WHERE,
    room: WHERE,
    party: WHERE,
    prefix: WHERE,
    path: WHERE,
    query: WHERE,
    id: WHERE,
    shouldReconnectOnClose: 'which closes are followed by another dial: here every one is',
  },
  read: (part) => growth(part, { least: seconds(3), most: seconds(3) }),
});

export const MCP: PolicyFormat = byKeys({
  name: 'mcp',
  title: 'reconnectionOptions of the MCP SDK (StreamableHTTPClientTransport)',
  library: '@modelcontextprotocol/sdk 1.32',
  any: ['initialReconnectionDelay'],
  others: {},
  read(part) {
    const base = waitOf(
      part,
      'initialReconnectionDelay',
      part.duration(['initialReconnectionDelay'], MILLISECONDS, seconds(1)),
    );
    const cap = waitOf(
      part,
      'maxReconnectionDelay',
      part.duration(['maxReconnectionDelay'], MILLISECONDS, seconds(30)),
    );
    const factor = part.number(['reconnectionDelayGrowFactor'], 1.5);
    const retries = part.number(['maxRetries'], 2);
    return {
      ...PLAIN,
      delay: growing(part, { base, factor, cap, names: ['initialReconnectionDelay', 'reconnectionDelayGrowFactor'] }),
      cap,
      attemptsMax: retriesOf(retries),
      retryAfter: 'exact',
    };
  },
});

export const CENTRIFUGE: PolicyFormat = byKeys({
  name: 'centrifuge',
  title: 'centrifuge-js options',
  library: 'centrifuge 5.7.4',
  any: ['minReconnectDelay', 'maxReconnectDelay'],
  not: ['automaticReconnect'],
  others: {
    timeout: DIAL,
    minResubscribeDelay: 'when to subscribe again, not when to dial',
    maxResubscribeDelay: 'when to subscribe again, not when to dial',
    maxServerPingDelay: 'when a connection counts as lost, not when to dial',
    token: WHERE,
    data: WHERE,
    debug: WHERE,
  },
  read(part) {
    const least = waitOf(part, 'minReconnectDelay', part.duration(['minReconnectDelay'], MILLISECONDS, ms(500)));
    const cap = waitOf(part, 'maxReconnectDelay', part.duration(['maxReconnectDelay'], MILLISECONDS, seconds(20)));
    return {
      ...PLAIN,
      delay: growing(part, { base: least, factor: 2, cap, names: ['minReconnectDelay', 'factor'] }),
      jitter: { kind: 'full', floor: us(Math.min(least, cap)) },
      cap,
      capOn: 'draw',
      rounding: { to: ms(1), by: 'even' },
    };
  },
});

export const NATS: PolicyFormat = byKeys({
  name: 'nats',
  title: 'nats.js connection options',
  library: '@nats-io/nats-core 3.4.0',
  any: ['reconnectTimeWait', 'reconnectJitter', 'reconnectJitterTLS'],
  others: {
    timeout: DIAL,
    servers: WHERE,
    name: WHERE,
    user: WHERE,
    pass: WHERE,
    token: WHERE,
    noRandomize: 'which server of several is dialled first, not when',
    pingInterval: 'when a connection counts as lost, not when to dial',
    maxPingOut: 'when a connection counts as lost, not when to dial',
    waitOnFirstConnect: 'what the first connection does, not a lost one',
    reconnectDelayHandler: 'a function: it would take the place of reconnectTimeWait and its jitter',
  },
  read(part) {
    const reconnect = part.truth(['reconnect'], true);
    const wait = waitOf(part, 'reconnectTimeWait', part.duration(['reconnectTimeWait'], MILLISECONDS, seconds(2)));
    const tls = part.has('tls') && part.get('tls') !== false;
    const jitter = waitOf(
      part,
      'reconnectJitter',
      tls
        ? part.duration(['reconnectJitterTLS'], MILLISECONDS, seconds(1))
        : part.duration(['reconnectJitter'], MILLISECONDS, ms(100)),
    );
    // The one of the two that is not used has been set for the other kind of connection.
    part.get(tls ? 'reconnectJitter' : 'reconnectJitterTLS');
    const attempts = part.number(['maxReconnectAttempts'], 10, { least: -1 });
    const servers = part.get('servers');
    const count = Array.isArray(servers) ? Math.max(1, servers.length) : 1;
    if (count > 1 && attempts >= 0)
      part.note(`servers: each of the ${count} has its own maxReconnectAttempts; counted together here`);
    return {
      ...PLAIN,
      delay: { kind: 'constant', base: wait },
      jitter: jitter === 0 ? { kind: 'none' } : { kind: 'additive', least: ZERO, most: jitter },
      cap: us(Math.min(wait + jitter, LONGEST)),
      rounding: { to: ms(1), by: 'even' },
      measuredFrom: 'dial',
      redraws: true,
      attemptsMax: reconnect ? (attempts < 0 ? null : retriesOf(attempts * count)) : 0,
    };
  },
});

/** What only a client of MQTT is set to. */
const MQTT_KEYS: readonly string[] = [
  ...['keepalive', 'clientId', 'clean', 'protocolId', 'protocolVersion', 'reschedulePings', 'connectTimeout', 'will'],
  ...['reconnectOnConnackError', 'resubscribe', 'queueQoSZero', 'brokerUrl', 'wsOptions'],
];

export const MQTT_JS: PolicyFormat = byKeys({
  name: 'mqtt.js',
  title: 'mqtt.js client options',
  library: 'mqtt 5.16.0',
  any: ['reconnectPeriod'],
  // Others have a setting of this name, in seconds.
  unless: (keys) => keys.length > 1 && !keys.some((key) => MQTT_KEYS.includes(key)),
  others: {
    connectTimeout: DIAL,
    keepalive: 'when a connection counts as lost, not when to dial',
    reconnectOnConnackError: 'whether a refusal by the broker is followed by another dial: here it is',
    manualConnect: WHERE,
    clientId: WHERE,
    username: WHERE,
    password: WHERE,
    protocol: WHERE,
    protocolVersion: WHERE,
    host: WHERE,
    hostname: WHERE,
    port: WHERE,
    path: WHERE,
    clean: WHERE,
    will: WHERE,
    resubscribe: 'what happens on a new connection, not when to dial',
    queueQoSZero: 'what waits for a connection, not when to dial',
  },
  read(part) {
    const period = waitOf(part, 'reconnectPeriod', part.duration(['reconnectPeriod'], MILLISECONDS, seconds(1)));
    if (period === 0) part.note('reconnectPeriod 0: the client never dials again, so neither does this policy');
    return { ...PLAIN, delay: { kind: 'constant', base: period }, attemptsMax: period === 0 ? 0 : null };
  },
});
