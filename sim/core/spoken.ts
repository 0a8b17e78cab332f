/**
 * What machines and applications of others say, looked at before it is carried out. What is wrong with it is an error of
 * theirs: it ends the run and names who said it, the field, and what is expected there. Nothing of it is passed over, for a
 * word that does nothing would be green for nothing. Machines of hangup's own have tests for that, and are spared.
 */
import { balancer } from '../../src/balancer/balancer.ts';
import { clientOf } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import { isPlain, oddIn } from '../../src/plain.ts';
import { flawText } from '../faults/check.ts';
import type { AnyMachine } from './record.ts';
import { blamed, type Culprit, mustBeDone } from './run-error.ts';
import type { Scenario } from './scenario.ts';
import { must, oneOf, optional, type Shape, text, truth, wholeFrom } from './shape.ts';
import { shown } from './shown.ts';
import type { Application, ApplicationSpec, NodeSpec, Wishes, World } from './world.ts';

/** Of one message: what a link computes segment by segment, and a process can hold. */
const MOST_BYTES = 1_073_741_824;
const conn = wholeFrom(0, 'names of connections');
const filled = must('a text that is not empty', (value) => typeof value === 'string' && value !== '');
const key = must('a whole number', (value) => Number.isSafeInteger(value));
const stream = must('a number or a text', (value) => typeof value === 'string' || Number.isFinite(value));
const seq = wholeFrom(0, 'numbers');
const time = wholeFrom(0, 'microseconds');
const plain = must('plain data', isPlain);
const some = must('plain data', (value) => value !== undefined && isPlain(value));
const codes = wholeFrom(1000, 'codes', 4999);
/** RFC 6455 sections 5.5 and 7.4: a close frame holds 123 bytes of reason, and no code that says there was no close frame. */
const code = must(
  'a close code from 1000 to 4999, and not 1004, 1005, 1006 or 1015',
  (value) => codes(value, 'code') === null && ![1004, 1005, 1006, 1015].includes(value as number),
);
const piece = must('text or bytes', (value) => typeof value === 'string' || value instanceof Uint8Array);
const lines = must(
  'a list of texts',
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
);
const reason = must(
  'a text of at most 123 bytes',
  (value) => typeof value === 'string' && new TextEncoder().encode(value).length <= 123,
);
const why = must('attempt, least and most, numbers', (value) =>
  ['attempt', 'least', 'most'].every((name) => Number.isFinite((value as Record<string, unknown> | null)?.[name])),
);

/** What each effect must and may say. `settle`, `deliver` and the like may say more in words of a protocol. */
const EFFECTS: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  dial: {
    conn,
    to: text,
    origin: optional(text),
    url: optional(text),
    protocols: optional(lines),
    over: optional(oneOf('websocket', 'bytes')),
    autoPong: optional(truth),
    halfOpen: optional(truth),
  },
  listen: { active: truth },
  accept: { conn, protocol: optional(text), autoPong: optional(truth), halfOpen: optional(truth) },
  refuse: {
    conn,
    status: wholeFrom(100, 'HTTP statuses', 599),
    retryAfter: optional(time),
    slot: optional(wholeFrom(0, 'slots')),
  },
  send: { conn, payload: some, bytes: wholeFrom(0, 'bytes', MOST_BYTES), binary: optional(truth) },
  ping: { conn, data: optional(text) },
  pong: { conn, data: optional(text) },
  drain: { conn, below: optional(wholeFrom(0, 'bytes')) },
  close: { conn, code, reason },
  terminate: { conn, how: oneOf('fin', 'rst') },
  setTimer: { timer: text, key, at: time, why: optional(why) },
  clearTimer: { timer: text, key },
  post: { to: text, message: some },
  beside: { to: oneOf('self', 'others'), message: some },
  exit: {},
  reload: {},
  custom: { name: text, value: plain },
  produce: { stream, seq, value: plain },
  perform: { client: text, key: text },
  deliver: { stream, seq, value: plain },
  write: { stream, value: piece },
  read: { stream, value: piece },
  replace: { stream, value: optional(piece) },
  submit: { key: filled, bytes: optional(wholeFrom(0, 'bytes')) },
  settle: { key: text, outcome: oneOf('done', 'failed', 'unknown'), stream: optional(stream) },
  report: { error: text, detail: optional(text), stream: optional(stream) },
  note: { text, data: optional(plain) },
  console: { level: text, text },
  uncaught: { how: oneOf('error', 'rejection'), error: text, stack: text },
  socket: {
    socket: wholeFrom(0, 'numbers'),
    state: oneOf('connecting', 'open', 'closing', 'closed'),
    url: text,
    conn: optional(conn),
    // A server may have sent any; a browser tells its page all but three of them.
    code: optional(wholeFrom(0, 'codes', 65_535)),
    reason: optional(text),
    own: optional(truth),
  },
  held: { timers: lines, sockets: lines, listeners: lines },
};

/** The same as lists, each field with the words for where it stands: they are asked at every effect. */
const FIELDS: ReadonlyMap<unknown, readonly (readonly [name: string, place: string, shape: Shape])[]> = new Map(
  Object.entries(EFFECTS).map(([type, fields]) => [
    type,
    Object.entries(fields).map(([name, shape]) => [name, `${type}.${name}`, shape] as const),
  ]),
);

/** What the network says to the universe, and no machine at its ends. */
const OF_LINKS: readonly unknown[] = ['arrive', 'lose', 'relayed'];

const careful = new WeakSet<object>();

/**
 * A machine of hangup's own that runs code of somebody's: what that has to say it looks at itself (`mustBeSaid`), and its other
 * effects are tested. What the code throws is blamed on it all the same.
 */
export function vouched<M extends object>(machine: M): M {
  careful.add(machine);
  return machine;
}

/** Whether it is such a machine, or something else that was said to be sound. */
export const isVouched = (thing: object): boolean => careful.has(thing);

/** Throws for what is no sound effect at the boundary of somebody's code. */
export const mustBeSaid = (effect: unknown): void => mustBeEffect(effect, NO_NAMES, () => false);
const NO_NAMES: ReadonlySet<NodeId> = new Set();

/** The nodes of a world, each with a machine that is looked at, unless it is hangup's own. */
export function heeded({ nodes, applications }: World, { protocol }: Pick<Scenario, 'protocol'>): readonly NodeSpec[] {
  const names = new Set(nodes.map(({ id }) => id));
  return nodes.map((spec) => {
    const { id, machine } = spec;
    if (machine === balancer || protocol?.tested?.has(machine) === true) return spec;
    const heard = applications.find(({ node }) => node === id);
    const knows = (type: string): boolean =>
      (protocol?.vocabulary?.kinds.length ?? 0) > 0 || (heard !== undefined && heard.hears?.includes(type) !== false);
    return { ...spec, machine: heededMachine(id, machine, names, knows) };
  });
}

function heededMachine(
  id: NodeId,
  machine: AnyMachine,
  names: ReadonlySet<NodeId>,
  knows: (type: string) => boolean,
): AnyMachine {
  const culprit = { where: `the machine of ${id}`, of: machine };
  const isTested = isVouched(machine);
  const theirs = {
    kind: machine.kind,
    init: (config: unknown) => heard(culprit, () => machine.init(config)),
    step: (state: unknown, event: unknown, context: never) =>
      heard(culprit, () => {
        const effects: readonly unknown[] = machine.step(state, event, context);
        if (isTested) return effects;
        if (!Array.isArray(effects))
          mustSay('what `step` returns', 'a list of effects (NOTHING for none)', promised(effects));
        for (const effect of effects) mustBeEffect(effect, names, knows);
        return effects;
      }),
  };
  const { dispose } = machine;
  return {
    ...theirs,
    ...(machine.opaque === true ? { opaque: true } : {}),
    ...(dispose === undefined ? {} : { dispose: (state) => heard(culprit, () => machine.dispose?.(state)) }),
  };
}

function mustBeEffect(effect: unknown, names: ReadonlySet<NodeId>, knows: (type: string) => boolean): void {
  const { type } = (effect ?? {}) as { readonly type?: unknown };
  if (typeof type !== 'string') mustSay('each effect', 'an object with a `type`', effect);
  const fields = FIELDS.get(type);
  if (fields === undefined) {
    if (OF_LINKS.includes(type) || !knows(type))
      mustSay(
        'the `type` of an effect',
        `one of ${[...FIELDS.keys()].join(', ')}, or what its application hears`,
        type,
      );
    return;
  }
  const said = effect as Readonly<Record<string, unknown>>;
  for (const [name, place, shape] of fields) {
    const value = said[name];
    const flaw = shape(value, place);
    if (flaw === null) continue;
    const odd = flaw.expected === 'plain data' ? oddIn(value, name) : null;
    throw new Error(odd === null ? flawText(flaw) : `effect \`${type}\`: expected plain data, but ${odd}`);
  }
  const { to } = said;
  if (type === 'post' && !names.has(clientOf(to as string)))
    mustSay('`post.to`', `the name of a node of this world (${[...names].slice(0, 8).join(', ')})`, to);
}

function mustSay(what: string, expected: string, got: unknown): never {
  throw new Error(`${what}: expected ${expected}, got ${shown(got)}`);
}

/** A promise in the place of effects gets words of its own. */
function promised(effects: unknown): unknown {
  mustBeDone(effects);
  return effects;
}

/** Calls somebody's code in the middle of a run. */
function heard<T>(culprit: Culprit, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw blamed(culprit, error);
  }
}

/** The application behind a node, looked at in the same way. */
export function opened({ node, open }: ApplicationSpec, wishes: Wishes, until: Parameters<ApplicationSpec['open']>[1]) {
  const culprit = { where: `the application of ${node}`, of: open };
  // What its node and the world make of an intent is not its own mistake.
  let passing: unknown;
  const call = (what: () => unknown): void => {
    try {
      mustBeDone(what());
    } catch (error) {
      throw error === passing ? error : blamed(culprit, error);
    }
  };
  const inner = heard(culprit, () =>
    open(
      {
        ...wishes,
        intend(intent) {
          const { type, key = '' } = (intent ?? {}) as { readonly type?: unknown; readonly key?: unknown };
          if (typeof type !== 'string') mustSay('`intend`', 'an object with a `type`', intent);
          if (type === 'submit' && (typeof key !== 'string' || key === '')) mustSay('`submit.key`', 'a text', key);
          if (!isPlain(intent)) throw new Error(`\`intend\`: expected plain data, but ${oddIn(intent, 'intent')}`);
          try {
            wishes.intend(intent);
          } catch (error) {
            passing = error;
            throw error;
          }
        },
        wakeIn(delay) {
          const flaw = time(delay, 'wakeIn');
          if (flaw !== null) throw new Error(flawText(flaw));
          wishes.wakeIn(delay);
        },
      },
      until,
    ),
  );
  const guarded: Application = {
    begin: (now) => call(() => inner.begin(now)),
    wake: (now) => call(() => inner.wake(now)),
    hear: (effect, now) => call(() => inner.hear(effect, now)),
    unload: (kept) => call(() => inner.unload(kept)),
    reopen: (now) => call(() => inner.reopen(now)),
    healed: (now) => call(() => inner.healed?.(now)),
  };
  return guarded;
}
