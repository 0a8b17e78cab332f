/**
 * The pacer of a policy that is a function of somebody's own, and where such functions are found: they cannot travel to
 * another thread, so a contender only names the module and its name there, and a thread loads it before its first storm.
 */
import { CheckedPolicy, type FunctionReference, frozen, type PolicyFunction } from '../../../src/backoff/function.ts';
import { LONGEST } from '../../../src/backoff/policy.ts';
import { at, type Duration, us } from '../../../src/time.ts';
import { GIVES_UP, type Pacer } from './pace.ts';

const known = new Map<string, PolicyFunction>();
const keyOf = ({ module, name }: FunctionReference): string => `${module}#${name}`;

/** Makes a function known to this thread. */
export function know(reference: FunctionReference, policy: PolicyFunction): void {
  known.set(keyOf(reference), policy);
}

export const isKnown = (reference: FunctionReference): boolean => known.has(keyOf(reference));

export class FunctionPacer implements Pacer {
  readonly #policy: CheckedPolicy;
  readonly #memories: unknown[];

  constructor(reference: FunctionReference, clients: number) {
    const policy = known.get(keyOf(reference));
    if (policy === undefined) throw new Error(`policy ${reference.name}: its module was not loaded on this thread`);
    this.#policy = new CheckedPolicy(policy);
    this.#memories = new Array<unknown>(clients).fill(frozen(this.#policy.fresh));
  }

  next(
    client: number,
    draw: number,
    retryAfter: number,
    elapsed: number,
    overloaded: boolean,
    now: number,
    sinceDial: number,
  ): number {
    const answer = this.#policy.next(this.#memories[client], draw / 4_294_967_296, {
      retryAfter: retryAfter < 0 ? null : us(retryAfter),
      elapsed: elapsed as Duration,
      refusal: overloaded ? 'overloaded' : 'down',
      now: at(now),
      sinceDial: us(Math.min(sinceDial, LONGEST)),
    });
    if ('stop' in answer) return GIVES_UP;
    this.#memories[client] = answer.memory;
    return answer.delay;
  }

  lost(client: number, _since: number, uptime: number): boolean {
    if (uptime < this.#policy.stableAfter) return false;
    this.#memories[client] = this.#policy.fresh;
    return true;
  }

  opened(): boolean {
    return false;
  }
}
