/** Faults out of an address: only flat objects of texts, numbers, truths and lists of them; the core checks what they mean. */
import type { FaultPlan } from '../../faults/plan.ts';

type Fault = FaultPlan[number];

const isFlat = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const isFault = (value: unknown): value is Fault =>
  value !== null &&
  typeof value === 'object' &&
  typeof (value as Fault).kind === 'string' &&
  typeof (value as Fault).target === 'string' &&
  Number.isSafeInteger((value as Fault).at) &&
  Object.values(value).every((each) => isFlat(each) || (Array.isArray(each) && each.every(isFlat)) || isUpon(each));

/** What a fault waits for: a phase and its number. */
const isUpon = (value: unknown): boolean =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(isFlat);

/** Places with their faults; empty for what is none of it. */
export function flatJson(text: string | null): readonly (readonly [place: number, fault: Fault])[] {
  try {
    const value: unknown = JSON.parse((text ?? '[]').slice(0, 20_000));
    if (!Array.isArray(value)) return [];
    return value.flatMap((each): (readonly [number, Fault])[] =>
      Array.isArray(each) && Number.isSafeInteger(each[0]) && isFault(each[1]) ? [[each[0], each[1]]] : [],
    );
  } catch {
    return [];
  }
}
