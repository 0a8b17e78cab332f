/**
 * Two ways to take the same step.
 *
 * A sweep changes a state that it alone owns, in place. A record keeps every state: the recipe runs on an immer draft,
 * and states share structure, so history is nearly free. Both run the same `step`, and a property proves that they agree.
 */
import { enableArrayMethods, enablePatches, Immer, type Patch } from 'immer';
import type { Context, Machine } from '../../src/machine.ts';

// biome-ignore lint/suspicious/noExplicitAny: the universe holds machines of every kind side by side.
export type AnyMachine = Machine<any, any, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: effects of every machine.
export type AnyEffect = any;

/** Takes a step and returns the effects; the node's state is the new one afterwards. */
export type Stepper = (
  node: { state: unknown; readonly machine: AnyMachine },
  event: unknown,
  context: Context,
) => readonly AnyEffect[];

enablePatches();
enableArrayMethods();

/** Sweep mode: in place. */
export const stepInPlace: Stepper = (node, event, context) => node.machine.step(node.state, event, context);

const recording = new Immer({ autoFreeze: false });
const freezing = new Immer({ autoFreeze: true });

/**
 * The pure transition: the next state, the effects, and what changed (JSON patches, for a person to look at). The state
 * given is left as it was. Effects pass through the draft, so that a piece of state in them becomes the plain value.
 */
export function transition<State, Event, Effect>(
  machine: Machine<never, State, Event, Effect>,
  state: State,
  event: Event,
  context: Context,
  options: { readonly freeze: boolean } = { freeze: false },
): readonly [State, readonly Effect[], readonly Patch[]] {
  const base: Step<State, Effect> = { state, effects: [] };
  const [next, patches] = (options.freeze ? freezing : recording).produceWithPatches(base, (draft) => {
    const open = draft as Step<State, Effect>;
    open.effects = machine.step(open.state, event, context) as Effect[];
  });
  return [next.state, next.effects, patches.filter((patch) => patch.path[0] === 'state')];
}

interface Step<State, Effect> {
  state: State;
  effects: readonly Effect[];
}

/** Recorded mode; `freeze` also makes every state, event and effect immutable, which catches shared mutation. */
export function stepRecorded(freeze: boolean): Stepper {
  const immer = freeze ? freezing : recording;
  return (node, event, context) => {
    if (freeze) freezeDeep(event);
    const next = immer.produce({ state: node.state, effects: [] as readonly AnyEffect[] }, (draft) => {
      draft.effects = node.machine.step(draft.state, event, context) as AnyEffect[];
    });
    node.state = next.state;
    return next.effects;
  };
}

/** Freezes plain values all the way down; typed arrays (content bytes, traces) cannot be frozen and are left. */
export function freezeDeep<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freezeDeep(inner);
  return value;
}
