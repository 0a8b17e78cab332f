/** The shapes of what somebody writes: scenarios, laws, claims, kinds of faults. Types say the same to whoever has them. */
import type { Law } from '../properties/laws/law.ts';
import { flawText } from './faults/check.ts';
import type { AnyKind } from './faults/kind.ts';
import type { Claim, Scenario } from './scenario.ts';
import { anything, callable, listOf, must, object, optional, orNull, type Shape, text } from './shape.ts';

type Shapes<T> = Readonly<Record<keyof T, Shape>>;

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
    targets: optional(listOf('a list of targets', object('a target with its name', { name: text }))),
    protocol: optional(object('a protocol with name, cast, laws and faults', { name: text, cast: callable })),
    laws: optional(listOf('a list of laws', LAW)),
    faults: optional(listOf('a list of kinds of faults', KIND)),
  } satisfies Shapes<Scenario>,
  true,
);

/** Throws in one line for what is no scenario; `field` is where it stands. */
export function mustBeScenario(scenario: unknown, field: string): asserts scenario is Scenario {
  const flaw = SCENARIO(scenario, field);
  if (flaw !== null) throw new Error(flawText(flaw));
}
