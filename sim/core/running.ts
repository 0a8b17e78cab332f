/**
 * A run that is under way: its kernel, universe, witness, judges and applications, wired to each other. It is run through,
 * or stepped from outside one event at a time; both take the same way.
 */
import type { Facts } from '../../src/facts.ts';
import type { Entry } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import { after, formatDuration, type Instant, latest, START, ZERO } from '../../src/time.ts';
import { mustBeSound } from '../faults/check.ts';
import { Injector } from '../faults/inject.ts';
import { hasMoments } from '../faults/moment.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { watchFigures } from '../figures/watch.ts';
import { worstOutage } from '../networks/beginning.ts';
import { worstStretch } from '../networks/worst-stretch.ts';
import { type Budgets, budgetsFor } from './budgets.ts';
import { limitDials } from './dial-limit.ts';
import { insideOf } from './inside.ts';
import { type Judges, seat } from './judge.ts';
import { type AnyEvent, type Handler, Kernel, type Node } from './kernel.ts';
import { type BreachReport, type Outcome, remember } from './outcome.ts';
import { NEUTRAL_PHASES, type PhaseWatch, watchPhases } from './phases.ts';
import { populate } from './populate.ts';
import { type Change, stepInPlace, stepRecorded } from './record.ts';
import { atRest } from './rest.ts';
import type { RunOptions } from './run.ts';
import { blaming } from './run-error.ts';
import { lawsOf, type Scenario, type Setting } from './scenario.ts';
import { heeded, opened } from './spoken.ts';
import type { Stuck } from './stuck.ts';
import { tiesOf } from './ties.ts';
import { type RecordedEntry, Trail } from './trail.ts';
import { Universe } from './universe.ts';
import { factsUnder } from './vantage.ts';
import { Witness } from './witness.ts';
import type { Application, Wishes, World } from './world.ts';

/** What a run is made of. */
export interface Parts {
  readonly scenario: Scenario;
  readonly setting: Setting;
  /** The world as its scenario describes it, and as its protocol makes one of that. */
  readonly described: unknown;
  readonly world: World;
  readonly plan: FaultPlan;
  readonly options: RunOptions;
  readonly watch: Watch;
}

/** Who is told what happens, besides the witness in the options. */
export interface Watch {
  readonly entry?: (entry: RecordedEntry) => void;
  readonly change?: (change: Change) => void;
}

interface Wake extends AnyEvent {
  readonly type: 'wake';
  readonly client: string;
  readonly begins: boolean;
}

export class Running {
  readonly kernel: Kernel;
  readonly #parts: Parts;
  readonly universe: Universe;
  readonly #witness: Witness;
  readonly #judges: Judges;
  readonly #injector: Injector;
  readonly #budgets: Budgets;
  readonly #figures: (ended: Instant) => Outcome['figures'];
  readonly #isMeasured: boolean;
  readonly #applications = new Map<NodeId, Application>();
  readonly #left: Record<NodeId, Instant> = {};
  #present: number;
  /** Nodes that repeat something for ever, until they are told that nobody needs it. */
  #repeaters: readonly Node[] = [];
  /** A breach that was to be its end has happened. */
  #isCut = false;
  /** Null until it has come to its end; then which budget was used up, or none. */
  #end: { readonly exceeded: string | null } | null = null;

  constructor(parts: Parts) {
    const { scenario, setting, described, world, plan, options, watch } = parts;
    const { faults } = setting;
    const { vocabulary } = scenario.protocol ?? {};
    const { mode = 'sweep', witness: told } = options;
    const measured = worstOutage(world);
    if (options.plan === undefined)
      blaming('its plan', scenario, () => mustBeSound(plan, world, faults, setting.phases));
    const facts = factsUnder(plan, world, faults);
    const trail = told === undefined && watch.entry === undefined ? null : new Trail();
    const recorder =
      trail === null
        ? null
        : (entry: Entry): void => {
            const noted = trail.note(entry);
            watch.entry?.(noted);
            told?.(noted);
          };
    this.#parts = parts;
    this.#isMeasured = measured !== null;
    this.#present = world.applications.length;
    this.#budgets = options.budgets ?? budgetsFor(world, plan, faults);
    const ties = world.ties === undefined ? null : tiesOf(world.ties, setting.dice.stream('ties')());
    this.kernel = new Kernel(setting.dice, vocabulary?.spelling, trail, ties);
    this.#witness = new Witness(recorder, vocabulary);
    this.#judges = seat(
      this.#witness,
      this.kernel,
      facts,
      options.laws ?? lawsOf(scenario),
      [...scenario.sometimes, ...(measured === null ? [] : [worstStretch(measured)])],
      (breach) => this.#broken(breach),
    );
    this.kernel.alarm.set((now) => this.#judges.look(now), this.kernel.now);
    options.observe?.({ witness: this.#witness, scenario, facts, world });
    const phases = this.#follow(facts, options.phase);
    this.#figures = watchFigures(this.#witness, scenario, described, facts);
    limitDials(this.#witness, this.kernel, this.#budgets, world);
    this.universe = new Universe({
      kernel: this.kernel,
      witness: this.#witness,
      step: mode === 'sweep' ? stepInPlace : stepRecorded(mode === 'frozen', watch.change),
      serviceDelay: world.serviceDelay,
      serviceSpread: world.serviceSpread ?? ZERO,
      hooks: {
        application: (node, effect) => this.#applications.get(node.id)?.hear(effect, this.kernel.now),
        exited: (node) => this.#injector.exited(node),
        reload: (node) => this.#injector.reload(node),
        act: (action) => {
          if (!this.#injector.act(action)) this.#wake(action as Wake);
        },
      },
    });
    this.#injector = new Injector({
      universe: this.universe,
      plan,
      faults,
      phases,
      unloaded: (node, kept) => this.#applications.get(node.id)?.unload(kept),
      reloaded: (node) => this.#applications.get(node.id)?.reopen(this.kernel.now),
      healed: () => this.#healed(),
      isNeeded: () => this.#present > 0,
    });
  }

  /** Puts everything in its place. */
  begin(): void {
    const { scenario, world, options } = this.#parts;
    populate(this.universe, { ...world, nodes: heeded(world, scenario) });
    this.#repeaters = this.kernel.nodes.filter(({ spec }) => spec.quiesces === true);
    for (const spec of world.applications) {
      const { node, start } = spec;
      const stayUntil = latest(world.stayUntil ?? START, options.stay?.[node] ?? START);
      const wishes = this.#wishes(this.universe.wiring.node(node));
      const isTested = scenario.protocol?.tested !== undefined;
      this.#applications.set(node, isTested ? spec.open(wishes, stayUntil) : opened(spec, wishes, stayUntil));
      this.kernel.plan(start, { type: 'wake', client: node, begins: true } as Wake);
    }
    this.#injector.begin();
  }

  get breaches(): readonly BreachReport[] {
    return this.#judges.breaches;
  }

  #broken(breach: BreachReport): void {
    if (this.#parts.options.until?.(breach) !== true) return;
    this.#isCut = true;
    this.kernel.halt('the breach');
  }

  /** Handles one event by way of `handler`; false when none is left, or a budget is used up. */
  step(handler: Handler): boolean {
    if (this.#end !== null) return false;
    const happened = this.kernel.step(handler);
    const exceeded = happened ? this.kernel.exceeded(this.#budgets) : null;
    if (!happened || exceeded !== null) this.#end = { exceeded: this.#isCut ? null : exceeded };
    return happened;
  }

  /**
   * It has come to its end, because a call of it did not come back: what is left is to judge what happened before.
   * `goesOn`: each of its steps came to an end, but there were too many of them.
   */
  stop({ budget, places }: Stuck, goesOn = false): void {
    const { stepping, event, now } = this.kernel;
    if (goesOn) {
      this.#end = { exceeded: `${budget}; it went on, and had come to event ${event} (${formatDuration(now)})` };
      return;
    }
    const whose = stepping === null ? '' : ` in a step of ${stepping.id}`;
    const where = places.length === 0 ? '' : `; last seen in ${places.join(' < ')}`;
    this.#end = { exceeded: `${budget}${whose} that did not end, at event ${event} (${formatDuration(now)})${where}` };
  }

  /** Runs what is left, and judges. Nothing is asked of this run afterwards. */
  finish(): Outcome {
    const { kernel } = this;
    const { scenario, setting, plan, world, options } = this.#parts;
    const { exceeded: usedUp } = this.#end ?? { exceeded: kernel.run(this.universe, this.#budgets) };
    const exceeded = this.#isCut ? null : usedUp;
    const complete = exceeded === null && !this.#isCut && !kernel.isDecided;
    if (complete) this.#witness.on.rest?.write(atRest(this.universe));
    // What was cut off has no end that anybody could judge.
    if (!this.#isCut) this.#judges.end(complete);
    const figures = this.#figures(kernel.now);
    kernel.endAll();
    kernel.close();
    const { breaches, notJudged, counts, reached } = this.#judges;
    const outcome: Outcome = {
      scenario: scenario.name,
      seed: setting.dice.seed,
      cell: setting.cell,
      digest: kernel.digest.toString(),
      events: kernel.event,
      ended: kernel.now,
      left: this.#left,
      verdict: breaches.length > 0 ? 'broken' : exceeded === null ? 'holds' : 'budget',
      exceeded,
      endedEarly: kernel.isDecided,
      breaches,
      notJudged,
      counts,
      figures,
      reached,
      measured: this.#isMeasured,
      plan,
      ...(hasMoments(plan) ? { began: this.#injector.began } : {}),
      conditions: world.conditions,
    };
    return remember(outcome, { scenario, options });
  }

  /** Once every application is gone nothing needs to be probed any more, and the run can come to rest. */
  #quiesce(): void {
    if (this.#present === 0)
      for (const node of this.#repeaters) if (node.up) this.universe.step(node, { type: 'quiesce' });
  }

  #healed(): void {
    const { now: at, event } = this.kernel;
    const node = this.#parts.world.nodes[0]?.id ?? '';
    this.#witness.on.healed?.write({ at, node, event, kind: 'healed' });
    for (const application of this.#applications.values()) application.healed?.(at);
    this.#quiesce();
  }

  /** Whoever wants to hear of phases does: who was given to the run, and the injector of a plan with moments. Null: nobody. */
  #follow(facts: Facts, told: RunOptions['phase']): PhaseWatch | null {
    const { scenario, world, plan } = this.#parts;
    const isAwaited = hasMoments(plan);
    if (told === undefined && !isAwaited) return null;
    const tell = (node: NodeId, phase: string, nth: number): void =>
      told && blaming('the listener to phases of the run', told, () => told({ at: this.kernel.now, node, phase, nth }));
    return watchPhases(this.#witness, scenario.protocol?.phases ?? NEUTRAL_PHASES, facts, world, {
      entered: (node, phase, nth) => {
        tell(node, phase, nth);
        // Everybody begins in a phase, ahead of the injector.
        if (isAwaited) (this.#injector as Injector | undefined)?.entered(node, phase, nth);
      },
      returned: (node, phase) => tell(node, phase, 0),
    });
  }

  /** All that it is made of besides its kernel, as data; null where some of it cannot be looked into. */
  inside(): readonly unknown[] | null {
    const [applications, injector, judges] = [[...this.#applications.values()], this.#injector, this.#judges];
    return insideOf({ ...this.#parts, ...this.#parts.setting, ...this.universe, applications, injector, judges });
  }

  #wishes(node: Node): Wishes {
    const { kernel } = this;
    return {
      intend: (intent) => this.universe.intend(node, intent),
      wakeIn: (delay) =>
        void kernel.plan(after(kernel.now, delay), { type: 'wake', client: node.id, begins: false } as Wake),
      over: () => {
        this.#left[node.id] = kernel.now;
        this.#present--;
        this.#quiesce();
      },
    };
  }

  #wake({ client, begins }: Wake): void {
    const application = this.#applications.get(client);
    const { now } = this.kernel;
    // An application lives in the process of its client, and stands still with it.
    this.universe.pauses.inside(this.universe.wiring.node(client), () => {
      if (begins) application?.begin(now);
      else application?.wake(now);
    });
  }
}
