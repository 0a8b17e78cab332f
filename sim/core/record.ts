/**
 * Two ways to take the same step.
 *
 * A sweep changes a state that it alone owns, in place. A record keeps every state: the recipe runs on an immer draft,
 * and states share structure, so history is nearly free. Both run the same `step`, and a property proves that they agree.
 */
import { enableArrayMethods, enablePatches, Immer, type Patch } from 'immer';
import type { Context, Machine, NodeId } from '../../src/machine.ts';
import { isFields } from '../../src/plain.ts';

// biome-ignore lint/suspicious/noExplicitAny: the universe holds machines of every kind side by side.
export type AnyMachine = Machine<any, any, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: effects of every machine.
export type AnyEffect = any;

/** Takes a step and returns the effects; the node's state is the new one afterwards. */
export type Stepper = (node: Stepped, event: unknown, context: Context) => readonly AnyEffect[];

interface Stepped {
  state: unknown;
  readonly id: NodeId;
  readonly machine: AnyMachine;
}

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
  { freeze, patched = true }: { readonly freeze: boolean; readonly patched?: boolean } = { freeze: false },
): readonly [State, readonly Effect[], readonly Patch[]] {
  const base: Step<State, Effect> = { state, effects: [] };
  let patches: readonly Patch[] = [];
  const note = (all: readonly Patch[]): void => {
    patches = all.filter(({ path }) => path[0] === 'state');
  };
  const next = (freeze ? freezing : recording).produce(
    base,
    (draft) => {
      const open = draft as Step<State, Effect>;
      open.effects = machine.step(open.state, event, context) as Effect[];
    },
    patched ? note : undefined,
  );
  return [next.state, next.effects, patches];
}

interface Step<State, Effect> {
  state: State;
  effects: readonly Effect[];
}

/** What one step changed. States and effects are values: they share what is alike, and nobody changes them. */
export interface Change {
  readonly node: NodeId;
  readonly event: unknown;
  /** The state that the machine was in, and is in now; both null for a machine that is opaque. */
  readonly before: unknown;
  readonly after: unknown;
  /** From `before` to `after`; their paths begin with `state`. */
  readonly patches: readonly Patch[];
  readonly effects: readonly AnyEffect[];
}

/**
 * Recorded mode; `freeze` also makes every state, event and effect immutable, which catches shared mutation. `told` hears
 * of every step what it changed.
 */
export function stepRecorded(freeze: boolean, told: ((change: Change) => void) | null = null): Stepper {
  const states = new WeakMap<Stepped, unknown>();
  const how = { freeze, patched: told !== null };
  return (node, event, context) => {
    if (freeze) freezeDeep(event);
    const { id, machine, state: before } = node;
    if (machine.opaque === true) {
      const effects = stepInPlace(node, event, context);
      told?.({ node: id, event, before: null, after: null, patches: [], effects });
      return freeze ? freezeDeep(effects) : effects;
    }
    if (states.get(node) !== before) mustBePlainState(node);
    try {
      const [after, effects, patches] = transition(
        machine as Machine<never, unknown, unknown, AnyEffect>,
        before,
        event,
        context,
        how,
      );
      node.state = after;
      states.set(node, after);
      told?.({ node: id, event, before, after, patches, effects });
      return effects;
    } catch (error) {
      mustBePlainState(node, error);
      throw error;
    }
  };
}

/** Throws for a state that immer would pass over: recorded, it would be changed in place in silence. */
function mustBePlainState({ id, state }: Stepped, cause?: unknown): void {
  const place = placeOfOther(state, 'state', new Set());
  if (place === null) return;
  throw new Error(`${id}: ${place}, which is no plain data: a machine that keeps such a thing says \`opaque: true\``, {
    cause,
  });
}

/** Where in a state something stands that is no plain data. What the state refers to as `config` is nobody's to change. */
function placeOfOther(value: unknown, place: string, above: Set<unknown>): string | null {
  if (typeof value === 'function') return `\`${place}\` is a function`;
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return null;
  if (above.has(value)) return `\`${place}\` refers to what it stands in`;
  if (!Array.isArray(value) && !isFields(value)) return `\`${place}\` is a ${value.constructor.name}`;
  above.add(value);
  for (const [name, inner] of Object.entries(value)) {
    const found = place === 'state' && name === 'config' ? null : placeOfOther(inner, `${place}.${name}`, above);
    if (found !== null) return found;
  }
  above.delete(value);
  return null;
}

/** Freezes plain values all the way down; typed arrays (content bytes, traces) cannot be frozen and are left. */
export function freezeDeep<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freezeDeep(inner);
  return value;
}
