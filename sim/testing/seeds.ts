/**
 * `seeds`: a test that runs a scenario over many seeds, for any runner whose `test` takes a name, a function and a time-out.
 */
import type { Scenario } from '../core/scenario.ts';
import { type Asked, askedFor, type Environment, type SeedsOptions } from './asked.ts';
import { survive } from './survive.ts';

/** What a runner's `test` must be able to do; `timeout` is in milliseconds. */
export type Test = (name: string, body: () => Promise<void>, timeout: number) => void;

/** Makes a test that fails for the first bad seed. `scenario` may be any: the catalogue's, of a protocol, or of none. */
export type Seeds = (name: string, scenario: Scenario, options?: SeedsOptions) => void;

/** After its runs a test confirms, shrinks and saves what it found, and must not be ended in the middle of that. */
const MS_TO_TELL = 60_000;

/** `seeds` for a runner; `environment` may set `HANGUP_SEEDS` and `HANGUP_FROM`, `note` hears what is no failure. */
export function seedsWith(test: Test, environment: Environment, note: (line: string) => void): Seeds {
  return function seeds(name, scenario, options = {}) {
    // Who called: a failure points to the line of the test, and not into hangup.
    const caller = new Error();
    Error.captureStackTrace?.(caller, seeds);
    let asked: Asked | null = null;
    let wrong: unknown = null;
    // A test that cannot be made is a test that fails, and takes no other test of its file with it.
    try {
      asked = askedFor(options, environment);
    } catch (error) {
      wrong = error;
    }
    const body = async (): Promise<void> => {
      try {
        if (asked === null) throw wrong;
        await survive(name, scenario, options, asked, (line) => note(`${name}: ${line}`));
      } catch (error) {
        throw at(caller, error);
      }
    };
    test(name, body, Math.min((asked?.timeoutMs ?? 0) + MS_TO_TELL, 2_147_483_647));
  };
}

function at(caller: Error, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  error.stack = `${error.name}: ${error.message}\n${(caller.stack ?? '').split('\n').slice(1).join('\n')}`;
  return error;
}
