/**
 * What machines and applications of others say, looked at before it is carried out. What is wrong with it is an error of
 * theirs: it ends the run and names who said it, the field, and what is expected there. Nothing of it is passed over, for a
 * word that does nothing would be green for nothing. Machines of hangup's own have tests for that, and are spared.
 */
import { balancer } from '../../src/balancer/balancer.ts';
import { clientOf } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import { isPlain, oddIn } from '../../src/plain.ts';
import type { AnyMachine } from './record.ts';
import { blamed, type Culprit, mustBeDone } from './run-error.ts';
import type { Scenario } from './scenario.ts';
import { shown } from './shown.ts';
import type { Application, ApplicationSpec, NodeSpec, Wishes, World } from './world.ts';

interface Field {
  readonly name: string;
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const field = (name: string, expected: string, accepts: Field['accepts']): Field => ({ name, expected, accepts });
const whole = (value: unknown, least = 0, most = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
const number = (name: string, what: string, least?: number, most?: number): Field =>
  field(name, `whole ${what} from ${least ?? 0}${most === undefined ? '' : ` to ${most}`}`, (value) =>
    whole(value, least, most),
  );
const text = (name: string): Field => field(name, 'a text', (value) => typeof value === 'string');
const oneOf = (name: string, ...values: readonly string[]): Field =>
  field(name, `one of ${values.join(', ')}`, (value) => values.includes(value as string));
const plain = (name: string): Field => field(name, 'plain data', isPlain);
const some = (name: string): Field => field(name, 'plain data', (value) => value !== undefined && isPlain(value));
const maybe = (inner: Field): Field => ({ ...inner, accepts: (value) => value === undefined || inner.accepts(value) });
const flag = (name: string): Field => maybe(field(name, 'true or false', (value) => value === true || value === false));

/** Of one message: what a link computes segment by segment, and a process can hold. */
const MOST_BYTES = 1_073_741_824;
const conn = number('conn', 'names of connections');
const key = field('key', 'a whole number', (value) => Number.isSafeInteger(value));
const stream = field('stream', 'a number or a text', (value) => typeof value === 'string' || Number.isFinite(value));
const seq = number('seq', 'numbers');
const autoPong = flag('autoPong');
const data = maybe(text('data'));
/** RFC 6455 sections 5.5 and 7.4: a close frame holds 123 bytes of reason, and no code that says there was no close frame. */
const code = field(
  'code',
  'a close code from 1000 to 4999, and not 1004, 1005, 1006 or 1015',
  (value) => whole(value, 1000, 4999) && ![1004, 1005, 1006, 1015].includes(value as number),
);
const reason = field(
  'reason',
  'a text of at most 123 bytes',
  (value) => typeof value === 'string' && new TextEncoder().encode(value).length <= 123,
);

/** What each effect must and may say. `settle`, `deliver` and the like may say more in words of a protocol. */
const EFFECTS: ReadonlyMap<unknown, readonly Field[]> = new Map<unknown, readonly Field[]>([
  [
    'dial',
    [
      conn,
      text('to'),
      maybe(text('origin')),
      maybe(text('url')),
      maybe(
        field(
          'protocols',
          'a list of texts',
          (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
        ),
      ),
      maybe(oneOf('over', 'websocket', 'bytes')),
      autoPong,
    ],
  ],
  ['accept', [conn, maybe(text('protocol')), autoPong]],
  ['refuse', [conn, number('status', 'HTTP statuses', 100, 599), maybe(number('retryAfter', 'microseconds'))]],
  ['send', [conn, some('payload'), number('bytes', 'bytes', 0, MOST_BYTES), flag('binary')]],
  ['ping', [conn, data]],
  ['pong', [conn, data]],
  ['drain', [conn, maybe(number('below', 'bytes'))]],
  ['close', [conn, code, reason]],
  ['terminate', [conn, oneOf('how', 'fin', 'rst')]],
  [
    'setTimer',
    [
      text('timer'),
      key,
      number('at', 'microseconds'),
      maybe(
        field('why', 'attempt, least and most, numbers', (value) =>
          ['attempt', 'least', 'most'].every((name) =>
            Number.isFinite((value as Record<string, unknown> | null)?.[name]),
          ),
        ),
      ),
    ],
  ],
  ['clearTimer', [text('timer'), key]],
  ['post', [text('to'), some('message')]],
  ['exit', []],
  ['custom', [text('name'), plain('value')]],
  ['produce', [stream, seq, plain('value')]],
  ['perform', [text('client'), text('key')]],
  ['deliver', [stream, seq, plain('value')]],
  ['settle', [text('key'), oneOf('outcome', 'done', 'failed', 'unknown'), maybe(stream)]],
  ['report', [text('error'), maybe(text('detail')), maybe(stream)]],
]);

/** What the network says to the universe, and no machine at its ends. */
const OF_LINKS: readonly unknown[] = ['arrive', 'lose', 'relayed'];

/** The nodes of a world, each with a machine that is looked at, unless it is hangup's own. */
export function heeded({ nodes, applications }: World, { protocol }: Pick<Scenario, 'protocol'>): readonly NodeSpec[] {
  const names = new Set(nodes.map(({ id }) => id));
  return nodes.map((spec) => {
    const { id, machine } = spec;
    if (machine === balancer || protocol?.tested?.has(machine) === true) return spec;
    const heard = applications.find(({ node }) => node === id);
    const knows = (type: string): boolean =>
      protocol?.vocabulary !== undefined || (heard !== undefined && heard.hears?.includes(type) !== false);
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
  const theirs = {
    kind: machine.kind,
    init: (config: unknown) => heard(culprit, () => machine.init(config)),
    step: (state: unknown, event: unknown, context: never) =>
      heard(culprit, () => {
        const effects: readonly unknown[] = machine.step(state, event, context);
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
  const fields = EFFECTS.get(type);
  if (fields === undefined) {
    if (OF_LINKS.includes(type) || !knows(type))
      mustSay(
        'the `type` of an effect',
        `one of ${[...EFFECTS.keys()].join(', ')}, or what its application hears`,
        type,
      );
    return;
  }
  const said = effect as Readonly<Record<string, unknown>>;
  for (const { name, expected, accepts } of fields) {
    const value = said[name];
    if (accepts(value)) continue;
    const odd = expected === 'plain data' ? oddIn(value, name) : null;
    if (odd !== null) throw new Error(`effect \`${type}\`: expected plain data, but ${odd}`);
    mustSay(`\`${type}.${name}\``, expected, value);
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
          if (!whole(delay)) mustSay('`wakeIn`', 'whole microseconds from 0', delay);
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
  };
  return guarded;
}
