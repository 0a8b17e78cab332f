/**
 * What somebody writes: scenarios, laws, claims, kinds of faults. Each has a call that infers its types and refuses what is
 * none, where it is written; types say the same to whoever has them.
 */
import type { Law } from '../../properties/laws/law.ts';
import type { NodeId } from '../../src/machine.ts';
import { type Duration, ZERO } from '../../src/time.ts';
import { faultsOf } from '../faults/catalogue.ts';
import { flawText } from '../faults/check.ts';
import type { AnyKind, FaultBase, Kind, Menu } from '../faults/kind.ts';
import type { Parameter } from '../faults/parameter.ts';
import { mustBePromisable } from '../targets/check.ts';
import type { Dice } from './dice.ts';
import type { Protocol } from './protocol.ts';
import { type Claim, lawsOf, type Scenario } from './scenario.ts';
import { anything, callable, listOf, must, object, optional, orNull, type Shapes, text, truth } from './shape.ts';
import type { World } from './world.ts';

/** What a name may be: it stands in shells, file names and tables. */
const NAME = /^(?=.{1,100}$)[A-Za-z0-9][\w.+-]*(\/[A-Za-z0-9][\w.+-]*)*$/;

const name = must(
  'a name such as feed/news (letters, digits and - _ . + between slashes; no ending of a file)',
  (value) => typeof value === 'string' && NAME.test(value) && !/\.(json|m?[jt]s)$/.test(value),
);

const judge = { name: text, states: text, remember: callable, on: object('handlers by kind of entry', {}) };

const CLAIM = object('a claim with name, states, remember and on', {
  ...judge,
  oncePer: optional(orNull(anything)),
} satisfies Shapes<Claim>);

export const LAW = object('a law with name, states, remember and on', {
  ...judge,
  needs: optional(object('facts, clients and entries that it needs', {})),
  look: optional(callable),
  endsRun: optional(truth),
  matters: optional(callable),
  counts: optional(callable),
  expects: optional(callable),
  end: optional(callable),
} satisfies Shapes<Law>);

const KIND = object('a kind of fault with name, about, hits, parameters, draw, duration, begin and end', {
  name: text,
  about: text,
  hits: text,
  parameters: object('an object of parameters', {}),
  excuses: optional(listOf('a list of errors', text)),
  draw: callable,
  duration: callable,
  begin: callable,
  steps: optional(callable),
  step: optional(callable),
  end: callable,
} satisfies Shapes<AnyKind>);

export const SCENARIO = object(
  'a scenario, such as one of SCENARIOS (scenarioNamed gives undefined for a name of none)',
  {
    name,
    title: text,
    world: callable,
    plan: callable,
    sometimes: listOf('a list of claims', CLAIM),
    dimensions: optional(object('values by dimension', {})),
    builds: optional(listOf('a list of dimensions', text)),
    targets: optional(listOf('a list of targets', object('a target with its name, or with a figure', {}))),
    figures: optional(listOf('a list of figures', object('a figure, as figure() makes them', {}))),
    protocol: optional(object('a protocol with name, cast, laws and faults', { name: text, cast: callable })),
    laws: optional(listOf('a list of laws', LAW)),
    faults: optional(listOf('a list of kinds of faults', KIND)),
    ready: optional(callable),
    modules: optional(callable),
  } satisfies Shapes<Scenario>,
  true,
);

/** Throws in one line for what is no scenario; `field` is where it stands. */
export function mustBeScenario(scenario: unknown, field: string): asserts scenario is Scenario {
  if (sound.has(scenario as object)) return;
  const flaw = SCENARIO(scenario, field);
  if (flaw !== null) throw new Error(flawText(flaw));
  sound.add(scenario as object);
}

/** Scenarios that were looked at: thousands of runs are of one. */
const sound = new WeakSet<object>();

/**
 * Throws in one line for a sound scenario whose parts do not go together: two laws, claims or kinds of faults of one name, of
 * which only one would be seen; a target that cannot be judged. Asked when a sweep starts, not in every run.
 */
export function mustGoTogether(scenario: Scenario): void {
  for (const [list, items] of [
    ['laws', lawsOf(scenario)],
    ['sometimes', scenario.sometimes],
  ] as const) {
    const names = items.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined)
      throw new Error(`${scenario.name}: \`${list}\`: expected different names, got two of ${twice}`);
  }
  try {
    faultsOf(scenario);
  } catch (error) {
    throw new Error(`${scenario.name}: ${(error as Error).message}`);
  }
  mustBePromisable(scenario);
}

/** A scenario as it is written: claims may be left out. */
type Definition<W> = Omit<Scenario<W>, 'sometimes' | 'protocol'> & { readonly sometimes?: readonly Claim[] };

/**
 * A scenario, with the type of its world inferred from `world`: a `World` as it is, or what its protocol makes one of.
 * Throws in one line that names the field for what is none.
 */
export function scenario<W extends World>(definition: Definition<W> & { readonly protocol?: undefined }): Scenario<W>;
export function scenario<W>(definition: Definition<W> & { readonly protocol: Protocol<W> }): Scenario<W>;
export function scenario(definition: object): Scenario {
  const whole: unknown = { sometimes: [], ...definition };
  mustBeScenario(whole, 'scenario');
  return whole;
}

/** The values of a fault's parameters. */
type Values<P> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

/** A fault of a kind with these parameters, as it stands in a plan. */
type FaultOf<N extends string, P> = FaultBase & { readonly kind: N } & Values<P>;

/** A kind of fault as it is written. What is over at once needs no `end`, and no `duration`. */
type KindDefinition<N extends string, P, D> = Pick<
  Kind<FaultOf<N, P>>,
  'about' | 'hits' | 'excuses' | 'begin' | 'steps' | 'step'
> & {
  /** As in plans and `--faults`. */
  readonly name: N;
  /** None by default. */
  readonly parameters?: P;
  /** Its target and its parameters; `lasts` was drawn already. By default one of what it hits, and a parameter `lasts`. */
  draw?(dice: Dice, menu: Menu, lasts: Duration): D;
  /** By default its parameter `lasts`. */
  duration?: Kind<FaultOf<N, P>>['duration'];
  end?: Kind<FaultOf<N, P>>['end'];
};

/**
 * A kind of fault of your own, with the types of its parameters inferred: `time(…)` is a `Duration`, `oneOf('…', ['a', 'b'])`
 * is `'a' | 'b'`. List it in a scenario's `faults`. Throws in one line that names the field for what is none.
 */
export function fault<
  const N extends string,
  const D extends { readonly target: NodeId } & Values<P>,
  // biome-ignore lint/complexity/noBannedTypes: no parameters at all, and not any.
  P extends Readonly<Record<string, Parameter>> = {},
>(definition: KindDefinition<N, P, D>): Kind<FaultOf<N, P>> & { readonly name: N } {
  const { hits, parameters = {} } = definition;
  const isPlain = Object.keys(parameters).every((name) => name === 'lasts');
  const usual = {
    parameters: {},
    duration: ({ lasts = ZERO }: { readonly lasts?: Duration }) => lasts,
    end: () => {},
    ...(isPlain
      ? {
          draw: (dice: Dice, menu: Menu, lasts: Duration) => ({
            target: dice.pick(`plan/${hits}`, menu.parts?.[hits] ?? menu[`${hits}s` as 'links'] ?? []),
            ...('lasts' in parameters ? { lasts } : {}),
          }),
        }
      : {}),
  };
  const whole = { ...usual, ...definition };
  const flaw = KIND(whole, 'fault');
  if (flaw !== null) throw new Error(flawText(flaw));
  return whole as unknown as Kind<FaultOf<N, P>> & { readonly name: N };
}
