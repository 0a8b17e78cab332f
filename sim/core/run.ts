/**
 * One run: a pure function of (code, scenario, seed, plan). The same call serves a sweep, a replay, a property test and
 * a page in a browser.
 */
import type { Law } from '../../properties/laws/law.ts';
import { counted } from '../../src/count.ts';
import type { Entry } from '../../src/history.ts';
import { link } from '../../src/link/link.ts';
import { after, type Instant, latest, START } from '../../src/time.ts';
import { applicable, mustBeSound } from '../faults/check.ts';
import { drawPlan } from '../faults/draw.ts';
import { Injector } from '../faults/inject.ts';
import { menuOf } from '../faults/menu.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { watchFigures } from '../figures/watch.ts';
import { worstOutage } from '../networks/beginning.ts';
import { worstStretch } from '../networks/worst-stretch.ts';
import { type Budgets, budgetsFor } from './budgets.ts';
import { mustBeScenario } from './definition.ts';
import { seat } from './judge.ts';
import { type AnyEvent, Kernel, type Node } from './kernel.ts';
import { mustBeOptions, RUN_OPTIONS } from './options.ts';
import { type Outcome, remember } from './outcome.ts';
import { isChosen, mustBeOverrides, type Overrides } from './overrides.ts';
import type { MeasuredIn } from './protocol.ts';
import { stepInPlace, stepRecorded } from './record.ts';
import { atRest } from './rest.ts';
import { blaming, RunError } from './run-error.ts';
import { lawsOf, type Scenario, type Setting } from './scenario.ts';
import { settingOf } from './setting.ts';
import { Universe } from './universe.ts';
import { factsUnder } from './vantage.ts';
import { Witness } from './witness.ts';
import { type Application, namesOf, type Wishes, type World } from './world.ts';
import { worldOf } from './worlds.ts';

export interface RunOptions extends Overrides {
  /** Instead of the plan that the scenario would draw. */
  readonly plan?: FaultPlan;
  /** `sweep` steps machines in place; `recorded` steps immer drafts; `frozen` also freezes all that passes. Default `sweep`. */
  readonly mode?: 'sweep' | 'recorded' | 'frozen';
  /** Default: the laws of the scenario and its protocol. */
  readonly laws?: readonly Law[];
  readonly budgets?: Budgets;
  /** Until when the application behind each client stays at least, be it done or not. */
  readonly stay?: Outcome['left'];
  /** Sees every entry of history as it happens. */
  witness?(entry: Entry): void;
}

/**
 * Runs one seed of a scenario until nothing is left to happen. The seed is a text as the command takes it, or its number
 * (`7`, `'7'` and `'007'` are one run).
 *
 * Throws in one line, before the first event, for an option that there is none of, a seed that is none, a cell that the
 * scenario does not open, a plan that cannot be carried out in its world, and a network on which no client gets through.
 * What a scenario, a law or a claim throws ends the run: throws a `RunError` that names scenario, seed and event, with
 * what was thrown as its `cause`.
 */
export function run<S extends Scenario>(
  scenario: S,
  seed: string | number,
  options: RunOptions = {},
): Outcome<MeasuredIn<S>> {
  mustBeScenario(scenario, 'scenario');
  mustBeOptions('run', options, RUN_OPTIONS);
  mustBeOverrides(options, [scenario]);
  const setting = settingOf(scenario, seed, options);
  const stage: Stage = { kernel: null, plan: options.plan ?? null, isChecking: false };
  try {
    const outcome = carryOut(scenario, setting, options, stage) as Outcome<MeasuredIn<S>>;
    return remember(outcome, { scenario, options });
  } catch (error) {
    if (stage.isChecking) throw error;
    const { kernel, plan } = stage;
    const reached = { event: kernel?.event ?? 0, at: kernel?.now ?? START, plan };
    throw new RunError(scenario.name, setting.dice.seed, reached, error);
  }
}

/** How far a run has come, for whoever must say so when it throws. */
interface Stage {
  kernel: Kernel | null;
  plan: FaultPlan | null;
  /** Whether a plan is checked that the caller gave: what is wrong with it is the caller's, and not the run's. */
  isChecking: boolean;
}

function carryOut(scenario: Scenario, setting: Setting, options: RunOptions, stage: Stage): Outcome {
  const { faults } = setting;
  const { described, world } = worldOf(scenario, setting);
  const measured = worstOutage(world);
  const plan = options.plan ?? planOf(scenario, setting, described, world, options.faults);
  stage.plan = plan;
  if (options.plan === undefined) blaming('its plan', scenario, () => mustBeSound(plan, world, faults));
  else {
    stage.isChecking = true;
    mustBeSound(plan, world, faults);
    stage.isChecking = false;
  }
  const facts = factsUnder(plan, world, faults);
  const budgets = options.budgets ?? budgetsFor(world, plan, faults);
  const mode = options.mode ?? 'sweep';
  const kernel = new Kernel(setting.dice, scenario.protocol?.vocabulary?.spelling);
  stage.kernel = kernel;
  const witness = new Witness(options.witness ?? null, scenario.protocol?.vocabulary);
  const judges = seat(witness, kernel, facts, options.laws ?? lawsOf(scenario), [
    ...scenario.sometimes,
    ...(measured === null ? [] : [worstStretch(measured)]),
  ]);
  const figures = watchFigures(witness, scenario, described, facts);
  limitDials(witness, kernel, budgets, world);

  const applications = new Map<string, Application>();
  const left: Record<string, Instant> = {};
  let present = world.applications.length;
  const universe: Universe = new Universe({
    kernel,
    witness,
    step: mode === 'sweep' ? stepInPlace : stepRecorded(mode === 'frozen'),
    serviceDelay: world.serviceDelay,
    hooks: {
      application: (node, effect) => applications.get(node.id)?.hear(effect, kernel.now),
      exited: (node) => injector.exited(node),
      act: (action) => {
        if (!injector.act(action)) wake(action as Wake);
      },
    },
  });
  const injector = new Injector({
    universe,
    plan,
    faults,
    unloaded: (node, kept) => applications.get(node.id)?.unload(kept),
    reloaded: (node) => applications.get(node.id)?.reopen(kernel.now),
    healed: () => {
      witness.on.healed?.write({ at: kernel.now, node: world.nodes[0]?.id ?? '', event: kernel.event, kind: 'healed' });
      quiesce();
    },
  });

  /** Once every application is gone nothing needs to be probed any more, and the run can come to rest. */
  const quiesce = (): void => {
    if (present === 0) for (const node of repeaters) if (node.up) universe.step(node, { type: 'quiesce' });
  };
  const wishes = (node: Node): Wishes => ({
    intend: (intent) => universe.intend(node, intent),
    wakeIn: (delay) => kernel.plan(after(kernel.now, delay), { type: 'wake', client: node.id, begins: false } as Wake),
    over: () => {
      left[node.id] = kernel.now;
      present--;
      quiesce();
    },
  });
  const wake = (action: Wake): void => {
    const application = applications.get(action.client);
    // An application lives in the process of its client, and stands still with it.
    universe.pauses.inside(universe.wiring.node(action.client), () => {
      if (action.begins) application?.begin(kernel.now);
      else application?.wake(kernel.now);
    });
  };

  populate(universe, world);
  const repeaters = kernel.nodes.filter(({ spec }) => spec.quiesces === true);
  for (const { node, start, open } of world.applications) {
    const stayUntil = latest(world.stayUntil ?? START, options.stay?.[node] ?? START);
    applications.set(node, open(wishes(universe.wiring.node(node)), stayUntil));
    kernel.plan(start, { type: 'wake', client: node, begins: true } as Wake);
  }
  injector.begin();
  const exceeded = kernel.run(universe, budgets);
  if (exceeded === null) witness.on.rest?.write(atRest(universe));
  judges.end(exceeded === null);
  const measures = figures(kernel.now);
  kernel.close();

  return {
    scenario: scenario.name,
    seed: setting.dice.seed,
    cell: setting.cell,
    digest: kernel.digest.toString(),
    events: kernel.event,
    ended: kernel.now,
    left,
    verdict: judges.breaches.length > 0 ? 'broken' : exceeded === null ? 'holds' : 'budget',
    exceeded,
    breaches: judges.breaches,
    notJudged: judges.notJudged,
    figures: measures,
    reached: judges.reached,
    measured: measured !== null,
    plan,
    conditions: world.conditions,
  };
}

function planOf(
  scenario: Scenario,
  setting: Setting,
  described: unknown,
  world: World,
  kinds: Overrides['faults'],
): FaultPlan {
  return !isChosen(kinds)
    ? blaming('its plan', scenario, () => scenario.plan(setting, described))
    : drawPlan(setting, menuOf(world, kinds === 'all' ? applicable(setting.faults, world) : kinds));
}

interface Wake extends AnyEvent {
  readonly type: 'wake';
  readonly client: string;
  readonly begins: boolean;
}

/** Puts every machine of the world in its place and starts the processes. */
export function populate(universe: Universe, world: Pick<World, 'nodes' | 'links'>): void {
  for (const spec of world.nodes) universe.wiring.add(spec);
  for (const config of world.links) universe.wiring.addLink(link, config);
  for (const { id, starts } of world.nodes)
    if (starts !== false) universe.kernel.schedule(START, universe.wiring.node(id), { type: 'started' });
}

/** A balancer dials for all clients, so its dials say nothing. */
function limitDials(witness: Witness, kernel: Kernel, budgets: Budgets, world: World): void {
  const balancers = new Set(namesOf(world, 'balancer'));
  const dials = new Map<string, number>();
  witness.listen('dialled', (entry) => {
    if (balancers.has(entry.node)) return;
    const count = (dials.get(entry.node) ?? 0) + 1;
    dials.set(entry.node, count);
    if (count > budgets.dials) kernel.halt(`${counted(budgets.dials, 'dial')} of ${entry.node}`);
  });
}
