/** Bugs planted into scenarios of the catalogue, for tests of what is told of them: machines that say or hear something else. */
import type { AnyMachine } from '../../sim/core/record.ts';
import { run } from '../../sim/core/run.ts';
import type { RecordedEntry } from '../../sim/core/trail.ts';
import type { World } from '../../sim/core/world.ts';
import { type RunStory, storyOf } from '../../sim/explain/story.ts';
import type { SessionScenario, session } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import type { Context } from '../../src/machine.ts';

interface Said {
  readonly type: string;
  readonly payload?: { readonly type: string } & Readonly<Record<string, unknown>>;
}

/** What a machine of that role does instead of its own step. */
export type Instead = (
  step: (event: never) => readonly never[],
  event: never,
  state: never,
  context: Context,
) => readonly unknown[];

/** A scenario whose nodes of a role have a bug. */
export function withBug(name: string, role: string, instead: Instead): SessionScenario {
  const scenario = scenarioNamed(name) as SessionScenario;
  const { protocol } = scenario;
  const made = new Map<AnyMachine, AnyMachine>();
  const planted = (machine: AnyMachine): AnyMachine => {
    const known = made.get(machine);
    if (known !== undefined) return known;
    const changed = {
      ...machine,
      step: (state: unknown, event: never, context: Context) =>
        instead(
          (heard) => machine.step(state as never, heard, context) as readonly never[],
          event,
          state as never,
          context,
        ),
    } as unknown as AnyMachine;
    made.set(machine, changed);
    return changed;
  };
  const cast = (world: Parameters<typeof session.cast>[0]): World => {
    const whole = protocol.cast(world);
    return {
      ...whole,
      nodes: whole.nodes.map((node) => (node.role === role ? { ...node, machine: planted(node.machine) } : node)),
    };
  };
  return {
    ...scenario,
    protocol: { ...protocol, cast, tested: new Set([...(protocol.tested ?? []), ...made.keys()]) },
  };
}

/** What a machine sends, changed or (null) kept to itself. */
export const saying =
  (change: (payload: never, state: never) => unknown): Instead =>
  (step, event, state) =>
    step(event).flatMap((effect) => {
      const { type, payload } = effect as unknown as Said;
      if (type !== 'send') return [effect];
      const changed = change(payload as never, state);
      return changed === null ? [] : [{ ...(effect as object), payload: changed }];
    });

/** The story of a seed, of one law if it is named, as data and as the text of its lines. */
export function told(scenario: SessionScenario, seed: string, law?: string): RunStory & { readonly text: string } {
  const history: RecordedEntry[] = [];
  const outcome = run(scenario, seed, { witness: (entry) => void history.push(entry) });
  const story = storyOf(outcome, history, law === undefined ? {} : { law });
  return { ...story, text: story.lines.map(({ part, who, text }) => `${part}: ${who} ${text}`).join('\n') };
}
