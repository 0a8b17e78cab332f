/**
 * Whether a law can be judged in a run at all. Two things may be missing: the promise that it would hold somebody to (a
 * fact of the world), and what it looks at (entries of history). Then nothing was broken, and nothing held either.
 */
import type { Law } from '../../properties/laws/law.ts';
import type { Facts } from '../../src/facts.ts';
import { excusesOf, type Faults } from '../faults/catalogue.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { NotJudged } from './outcome.ts';
import { perObject } from './per-object.ts';
import type { Witness } from './witness.ts';
import type { World } from './world.ts';

/** What laws may know of a world under a plan. Some faults bring errors that no client can spare its application: a second tab takes the session over. */
export function factsUnder(plan: FaultPlan, world: World, faults: Faults): Facts {
  const facts = factsOf(world);
  const excuses = excusesOf(faults, plan);
  if (facts.allowedErrors === undefined || excuses.length === 0) return facts;
  return { ...facts, allowedErrors: [...facts.allowedErrors, ...excuses] };
}

const factsOf = perObject(
  ({ facts, nodes }: World): Facts => ({
    ...facts,
    roles: Object.fromEntries(nodes.map(({ id, role }) => [id, role])),
  }),
);

/** Why a law has nothing to hold a world to; null when it has. */
export function flawOf({ needs }: Law, facts: Facts): string | null {
  if (needs === undefined) return null;
  const said = facts as object as Readonly<Partial<Record<string, unknown>>>;
  const missing = needs.facts?.find((name) => isMissing(said[name]));
  if (missing !== undefined) return `the world promises no \`${missing}\``;
  const unpromised = Object.entries(needs.promises ?? {}).find(([name, ways]) => !promises(facts, name, ways));
  if (unpromised !== undefined) return unpromisedIn(facts, ...unpromised);
  const promised = needs.clients?.find((name) =>
    facts.clients.some((client) => isMissing((client as object as typeof said)[name])),
  );
  if (promised !== undefined) return `not every client promises \`${promised}\``;
  if (needs.clients !== undefined && facts.clients.length === 0) return 'the world names no `clients`';
  if (needs.anyClient !== undefined) {
    const name = needs.anyClient;
    if (facts.clients.every((client) => isMissing((client as object as typeof said)[name])))
      return `no client promises \`${name}\``;
  }
  const { writes } = facts;
  const isUnheard = (kind: string): boolean => BOUNDARY.has(kind) && writes?.includes(kind) === false;
  if (needs.anyOf?.every(isUnheard)) return `nobody in this world writes \`${needs.anyOf.join('` or `')}\``;
  const unheard = needs.entries?.find(isUnheard);
  return unheard === undefined ? null : `nobody in this world writes \`${unheard}\``;
}

/** Whether something is promised, in any way or in one of these. */
function promises(facts: Facts, name: string, ways: true | readonly unknown[]): boolean {
  const said = promiseOf(facts, name);
  return ways === true ? !isMissing(said) : ways.includes(said);
}

const promiseOf = ({ promises = {} }: Facts, name: string): unknown =>
  (promises as Readonly<Partial<Record<string, unknown>>>)[name];

function unpromisedIn(facts: Facts, name: string, ways: true | readonly unknown[]): string {
  const said = promiseOf(facts, name);
  if (said === undefined) return `nobody promises \`${name}\``;
  return `\`${name}\` is promised as ${said}, and not as ${ways === true ? 'any' : ways.filter((way) => way !== undefined).join(' or ')}`;
}

/** Kinds of entries that machines and applications write, or do not; the others are seen in every world. */
export const BOUNDARY: ReadonlySet<string> = new Set([
  'submitted',
  'settled',
  'performed',
  'produced',
  'received',
  'wrote',
  'read',
  'replaced',
  'told',
  'intent',
  'noted',
  'console',
  'uncaught',
  'socket',
  'held',
  'custom',
]);

const isMissing = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);

/** What did not happen, in the words of whoever would have said it. */
function absent(kinds: readonly string[], said: Readonly<Record<string, string>>): string {
  const words = kinds.flatMap((kind) => said[kind] ?? []);
  const unsaid = kinds.filter((kind) => said[kind] === undefined);
  return [
    ...(words.length === 0 ? [] : [`nobody ever said \`${words.join('`, nor `')}\``]),
    ...(unsaid.length === 0 ? [] : [`there was no entry \`${unsaid.join('`, no `')}\``]),
  ].join(', and ');
}

/**
 * What a law looks at and did not happen, and whether this world says that it does; null when all of it happened. Whoever
 * makes promises has to do what those are about, and nothing besides.
 */
export function unseenBy(
  {
    entries,
    anyOf,
    promises,
  }: {
    readonly entries: readonly string[];
    readonly anyOf: readonly string[];
    readonly promises: NonNullable<Law['needs']>['promises'];
  },
  { writes, promises: promised }: Facts,
  witness: Witness,
): Pick<NotJudged, 'because' | 'happens'> | null {
  const isUnseen = (kind: string): boolean => !witness.happened(kind);
  const unseen = entries.filter(isUnseen);
  if (anyOf.every(isUnseen))
    unseen.push(...anyOf.filter((kind) => !BOUNDARY.has(kind) || writes?.includes(kind) !== false));
  if (unseen.length === 0) return null;
  return {
    because: absent(unseen, witness.vocabulary.said ?? {}),
    happens:
      (promised === undefined || promises !== undefined) &&
      unseen.every((kind) => !BOUNDARY.has(kind) || writes?.includes(kind) === true),
  };
}
