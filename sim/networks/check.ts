/** Whether what claims to be a network is one: each direction has values that a link can work with. */
import type { Bursts, PathConfig, Tail } from '../../src/link/config.ts';
import type { Ratio } from '../../src/machine.ts';
import { must, object, optional, orNull, type Shape, text, wholeFrom } from '../core/shape.ts';
import type { Network } from './network.ts';

type Fields<T> = Readonly<Record<keyof T, Shape>>;

const time = wholeFrom(0, 'microseconds');
const bytes = must(
  'a number from 0',
  (value) => typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER,
);

/** Packet loss: whole numbers, `num` of `of` packets. */
const loss: Shape = (value, field) => {
  const { num, of } = (value ?? {}) as Partial<Record<keyof Ratio, unknown>>;
  const isRatio = Number.isSafeInteger(num) && Number.isSafeInteger(of);
  const isShare = isRatio && (num as number) >= 0 && (of as number) >= 1 && (num as number) <= (of as number);
  return isShare ? null : { field, expected: 'a share of packets such as { num: 1, of: 100 }', got: value };
};

const bursts = object(
  'null, or bursts of loss with good, bad and loss',
  { good: wholeFrom(1, 'microseconds'), bad: wholeFrom(1, 'microseconds'), loss } satisfies Fields<Bursts>,
  true,
);

/** By its ends only: a trace has a million entries, and each run asks. */
const trace = must('null, or instants in milliseconds, sorted, as a Mahimahi trace has them', (value) => {
  const { length } = (value ?? {}) as { length?: unknown };
  if (typeof value !== 'object' || typeof length !== 'number' || length < 1) return false;
  const [first, last] = [(value as ArrayLike<unknown>)[0], (value as ArrayLike<unknown>)[length - 1]];
  return typeof first === 'number' && typeof last === 'number' && first >= 0 && last > 0 && last >= first;
});

/** One direction of a network, or of a link. */
export const PATH_SHAPE = object(
  'one direction of a path, with delay, jitter, rate, queue, loss, bursts and trace',
  {
    delay: time,
    jitter: time,
    tail: optional(object('a tail with share and delay', { share: loss, delay: time } satisfies Fields<Tail>)),
    rate: bytes,
    queue: bytes,
    loss,
    bursts: orNull(bursts),
    trace: orNull(trace),
    traceFrom: optional(time),
  } satisfies Fields<PathConfig>,
  true,
);

/** The shape of a network. On one that has it, clients may still not get through: `flawOfNetwork` says so. */
export const NETWORK_SHAPE: Shape = object(
  'a network with name, source, up and down, as findNetwork gives them by name',
  { name: text, source: text, up: PATH_SHAPE, down: PATH_SHAPE } satisfies Fields<Network>,
);
