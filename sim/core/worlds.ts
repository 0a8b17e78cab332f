/**
 * The world of a seed, and worlds that seeds share.
 *
 * A scenario asks its seed a few small questions (which network, which answer, does the log go on) and builds a world of
 * what it hears; most seeds of a sweep answer as another did. So questions and answers are kept as a tree: a seed answers
 * its way down, which leaves its dice where building would have left them, and what it finds there was built once. Only
 * of worlds that we know: somebody else's may count its calls, or be changed by whoever draws a plan for it.
 */
import { begunAnywhere } from '../networks/beginning.ts';
import type { Cell } from './cells.ts';
import type { Dice } from './dice.ts';
import { blaming } from './run-error.ts';
import type { Scenario, Setting } from './scenario.ts';
import { type Sizes, sizesText, sizingOf } from './sizes.ts';
import type { World } from './world.ts';
import { mustBeWorld } from './world-shape.ts';

/** Functions that build a world from their setting alone, of data that nobody changes. */
const shareable = new WeakSet<Scenario['world']>();

/** From here on seeds of these scenarios that draw alike share a world. A copy with a world of its own shares none. */
export function shareWorlds<S extends readonly Scenario[]>(scenarios: S): S {
  for (const { world } of scenarios) shareable.add(world);
  return scenarios;
}

/**
 * A scenario's world as it describes it, begun where the seed says in measured traces, and what a run is made of; `sizes`
 * makes it smaller.
 */
export function worldOf(scenario: Scenario, setting: Setting, sizes: Sizes | null = null): BuiltWorld {
  if (sizes !== null || !shareable.has(scenario.world)) return build(scenario, setting, sizes);
  const { input, network, policy, cell } = setting;
  const of = [scenario, input, network, policy, Object.keys(cell).join()];
  if (shared === null || of.some((each, i) => each !== shared?.of[i]))
    shared = { of, worlds: new SharedWorlds((asking) => build(scenario, asking)) };
  return shared.worlds.of(setting);
}

/** Sweeps go through the seeds of one scenario after those of another. */
let shared: { readonly of: readonly unknown[]; readonly worlds: SharedWorlds } | null = null;

interface BuiltWorld {
  readonly described: unknown;
  readonly world: World;
}

function build(scenario: Scenario, setting: Setting, sizes: Sizes | null = null): BuiltWorld {
  const { protocol } = scenario;
  const drawn = blaming('its world', scenario, () => scenario.world(setting));
  const { policy } = setting;
  const under = policy === null ? drawn : (protocol?.underPolicy?.(drawn, policy) ?? drawn);
  const given = sizes === null ? under : smaller(scenario, under, sizes);
  if (protocol === undefined) blaming('its world', scenario, () => mustBeWorld(given));
  const described = begunAnywhere(given as World, setting.dice);
  const world = protocol === undefined ? described : protocol.cast(described);
  if (protocol !== undefined && protocol.tested === undefined)
    blaming('its world', scenario, () => mustBeWorld(world, protocol));
  return { described, world };
}

/** What is wrong with sizes for worlds of that scenario, in one line; null for nothing, or where its own runs will say more. */
export function flawOfSizes(scenario: Scenario, setting: Setting, sizes: Sizes): string | null {
  let described: unknown;
  try {
    described = scenario.world(setting);
  } catch {
    return null;
  }
  return strangerAmong(sizes, scenario, described);
}

function strangerAmong(sizes: Sizes, { name, protocol }: Scenario, described: unknown): string | null {
  const known = Object.keys(sizingOf(protocol, described)?.of(described) ?? {});
  const stranger = Object.keys(sizes).find((size) => !known.includes(size));
  if (stranger === undefined) return null;
  return `expected ${known.join(', ') || 'none'}, which worlds of ${name} have, got ${stranger}`;
}

/** Throws in one line for a size that worlds of that scenario do not have: it would change nothing. */
function smaller(scenario: Scenario, described: unknown, sizes: Sizes): unknown {
  const flaw = strangerAmong(sizes, scenario, described);
  if (flaw !== null) throw new Error(`\`sizes\`: ${flaw}`);
  const small = sizingOf(scenario.protocol, described)?.smaller(described, sizes) ?? described;
  const { conditions } = small as Partial<World>;
  return typeof conditions === 'string'
    ? { ...(small as object), conditions: `${conditions}, at most ${sizesText(sizes)}` }
    : small;
}

type Answer = number | boolean | string | undefined;
type Question = (setting: Setting) => Answer;
/** A place in the tree: what is asked there and where answers lead, or what was built. */
type Place = { readonly asked: Question; readonly next: Map<Answer, Place> } | { readonly built: BuiltWorld };

/** A number that is drawn from more leads to a world that hardly another seed has. */
const WIDE = 16;
/** So many worlds are kept of a scenario, and none that is larger. */
const KEPT = 64;
const NODES = 32;

/** Worlds of one scenario under one set of conditions; `build` must ask nothing but its setting. */
class SharedWorlds {
  readonly #build: (setting: Setting) => BuiltWorld;
  #root: Place | null = null;
  #kept = 0;

  constructor(build: (setting: Setting) => BuiltWorld) {
    this.#build = build;
  }

  of(setting: Setting): BuiltWorld {
    const answers: Answer[] = [];
    let place = this.#root;
    let last: Extract<Place, { asked: Question }> | null = null;
    while (place !== null && 'asked' in place) {
      const answer = place.asked(setting);
      answers.push(answer);
      last = place;
      place = place.next.get(answer) ?? null;
    }
    if (place !== null) return place.built;
    const heard = answers.length;
    const asking = new Asking(setting, answers);
    const built = this.#build(asking);
    if (asking.isOpaque || this.#kept === KEPT || built.world.nodes.length > NODES) return built;
    this.#kept++;
    // From the end of the new path to where it leaves the tree.
    let path: Place = { built };
    for (let i = asking.questions.length - 1; i >= heard; i--)
      path = { asked: asking.questions[i] as Question, next: new Map([[answers[i], path]]) };
    if (last === null) this.#root = path;
    else last.next.set(answers[heard - 1], path);
    return built;
  }
}

/** A setting that notes what it is asked; what was answered already it answers likewise. */
class Asking implements Setting {
  readonly input: Setting['input'];
  readonly network: Setting['network'];
  readonly policy: Setting['policy'];
  readonly faults: Setting['faults'];
  readonly cell: Cell;
  readonly dice: Dice;
  readonly questions: Question[] = [];
  /** Something was asked that few other seeds would answer alike. */
  isOpaque = false;

  constructor(setting: Setting, answers: Answer[]) {
    const { dice, cell, input, network, policy, faults } = setting;
    this.input = input;
    this.network = network;
    this.policy = policy;
    this.faults = faults;
    const ask = <A extends Answer>(question: (setting: Setting) => A): A => {
      const place = this.questions.push(question) - 1;
      if (place === answers.length) answers.push(question(setting));
      return answers[place] as A;
    };
    const opaque = (): Dice => {
      this.isOpaque = true;
      return dice;
    };
    const between: Dice['between'] = (name, least, most) =>
      most - least < WIDE ? ask((of) => of.dice.between(name, least, most)) : opaque().between(name, least, most);
    this.dice = {
      get seed() {
        return opaque().seed;
      },
      stream: (name) => opaque().stream(name),
      between,
      chance: (name, num, of) => ask((setting) => setting.dice.chance(name, num, of)),
      pick: (name, items) => items[between(name, 0, items.length - 1)] as (typeof items)[number],
    };
    const given: Record<string, string> = {};
    for (const dimension of Object.keys(cell))
      Object.defineProperty(given, dimension, { enumerable: true, get: () => ask((of) => of.cell[dimension]) });
    this.cell = given;
  }
}
