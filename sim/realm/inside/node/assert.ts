/** `assert`: the checks that programs make of themselves. */

import { inspect } from './conventions.ts';
import { isDeepEqual } from './equality.ts';
import { badType, coded } from './errors.ts';
import type { Any, Callback } from './loose.ts';

interface Failed {
  readonly message?: unknown;
  readonly actual?: unknown;
  readonly expected?: unknown;
  readonly operator: string;
}

export class AssertionError extends Error {
  readonly code = 'ERR_ASSERTION';
  readonly generatedMessage: boolean;
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator: string;

  constructor({ message, actual, expected, operator }: Failed) {
    super(message === undefined ? `${inspect(actual)} ${operator} ${inspect(expected)}` : String(message));
    this.name = 'AssertionError';
    this.generatedMessage = message === undefined;
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
  }
}

function check(holds: boolean, failed: Failed): void {
  if (holds) return;
  if (failed.message instanceof Error) throw failed.message;
  throw new AssertionError(failed);
}

const same =
  (operator: string, holds: (actual: Any, expected: Any) => boolean) =>
  (actual: unknown, expected: unknown, message?: unknown): void =>
    check(holds(actual, expected), { message, actual, expected, operator });

function ok(...args: unknown[]): void {
  const [value, message = 'The expression evaluated to a falsy value'] = args;
  check(Boolean(value), { message, actual: value, expected: true, operator: '==' });
}

/** Whether what was thrown is what was expected: a class, a pattern, a shape, or a function that says so. */
function isExpected(thrown: Any, expected: Any): boolean {
  if (expected === undefined || typeof expected === 'string') return true;
  if (expected instanceof RegExp) return expected.test(String(thrown));
  if (typeof expected !== 'function')
    return Object.keys(expected).every((key) =>
      expected[key] instanceof RegExp && typeof thrown[key] === 'string'
        ? expected[key].test(thrown[key])
        : isDeepEqual(thrown[key], expected[key], true),
    );
  if (expected.prototype !== undefined && thrown instanceof expected) return true;
  if (expected.prototype instanceof Error) return false;
  return expected.call({}, thrown) === true;
}

function thrownBy(run: Callback): { error: unknown } | null {
  if (typeof run !== 'function') throw badType('fn', 'of type function', run);
  try {
    run();
    return null;
  } catch (error) {
    return { error };
  }
}

async function rejectedBy(what: Any): Promise<{ error: unknown } | null> {
  try {
    await (typeof what === 'function' ? what() : what);
    return null;
  } catch (error) {
    return { error };
  }
}

function judge(thrown: { error: unknown } | null, expected: Any, message: unknown, operator: string): void {
  const said = typeof expected === 'string' ? expected : message;
  if (thrown === null)
    check(false, {
      message: said ?? `Missing expected ${operator === 'throws' ? 'exception' : 'rejection'}.`,
      operator,
    });
  else if (!isExpected(thrown.error, expected)) throw thrown.error;
}

function judgeNone(thrown: { error: Any } | null, message: unknown, operator: string): void {
  if (thrown !== null)
    check(false, {
      message: message ?? `Got unwanted exception.\nActual message: "${thrown.error?.message}"`,
      operator,
    });
}

const isLoose = (left: unknown, right: unknown): boolean =>
  // biome-ignore lint/suspicious/noDoubleEquals: that is what loose means.
  left == right || (Number.isNaN(left) && Number.isNaN(right));

const methods = {
  ok,
  equal: same('==', isLoose),
  notEqual: same('!=', (left, right) => !isLoose(left, right)),
  strictEqual: same('strictEqual', Object.is),
  notStrictEqual: same('notStrictEqual', (left, right) => !Object.is(left, right)),
  deepEqual: same('deepEqual', (left, right) => isDeepEqual(left, right, false)),
  notDeepEqual: same('notDeepEqual', (left, right) => !isDeepEqual(left, right, false)),
  deepStrictEqual: same('deepStrictEqual', (left, right) => isDeepEqual(left, right, true)),
  notDeepStrictEqual: same('notDeepStrictEqual', (left, right) => !isDeepEqual(left, right, true)),
  match: same('match', (text, pattern) => typeof text === 'string' && pattern.test(text)),
  doesNotMatch: same('doesNotMatch', (text, pattern) => typeof text !== 'string' || !pattern.test(text)),
  fail(message: unknown = 'Failed'): never {
    if (message instanceof Error) throw message;
    throw new AssertionError({ message, operator: 'fail' });
  },
  ifError(value: unknown): void {
    if (value !== null && value !== undefined)
      throw new AssertionError({
        message: `ifError got unwanted exception: ${(value as Any).message ?? value}`,
        operator: 'ifError',
      });
  },
  throws: (run: Callback, expected?: Any, message?: unknown) => judge(thrownBy(run), expected, message, 'throws'),
  doesNotThrow: (run: Callback, _expected?: Any, message?: unknown) =>
    judgeNone(thrownBy(run), message, 'doesNotThrow'),
  rejects: async (what: Any, expected?: Any, message?: unknown) =>
    judge(await rejectedBy(what), expected, message, 'rejects'),
  doesNotReject: async (what: Any, _expected?: Any, message?: unknown) =>
    judgeNone(await rejectedBy(what), message, 'doesNotReject'),
  AssertionError,
};

export const assert: Any = Object.assign((...args: unknown[]) => ok(...args), methods);
const strict: Any = Object.assign((...args: unknown[]) => ok(...args), methods, {
  equal: methods.strictEqual,
  notEqual: methods.notStrictEqual,
  deepEqual: methods.deepStrictEqual,
  notDeepEqual: methods.notDeepStrictEqual,
});
assert.strict = strict;
strict.strict = strict;

/** What a builtin says when it is called wrongly. */
export const invalidState = (what: string): Error => coded(Error, 'ERR_INVALID_STATE', what);
export default assert;
