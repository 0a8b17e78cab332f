/** Runs of the page's scenario: the recorded one again, and any that is changed. */
import { PRESETS } from '../../../src/backoff/presets.ts';
import type { OpenRun, RunStep } from '../../core/open-run.ts';
import type { Outcome } from '../../core/outcome.ts';
import { open, type RunOptions, run } from '../../core/run.ts';
import type { Scenario } from '../../core/scenario.ts';
import { settingOf } from '../../core/setting.ts';
import type { RecordedEntry } from '../../core/trail.ts';
import type { World } from '../../core/world.ts';
import { worldOf } from '../../core/worlds.ts';
import { findNetwork } from '../../networks/presets.ts';
import { modelOf } from '../model/derive.ts';
import type { Model } from '../model/model.ts';
import { type Told, toldOf } from '../model/told.ts';
import type { Edit, Verdicted } from './words.ts';

export class Runs {
  readonly scenario: Scenario;
  readonly #seed: string;
  readonly #options: RunOptions;
  /** The cell of the recorded run: what is changed of it stays in its cell. */
  #cell: Outcome['cell'] | null = null;
  readonly #made = new Map<string, { readonly history: readonly RecordedEntry[]; readonly outcome: Outcome }>();

  constructor(scenario: Scenario, seed: string, options: RunOptions) {
    this.scenario = scenario;
    this.#seed = seed;
    this.#options = options;
  }

  /** Seed and options of a run; `null`: the recorded one. */
  of(edit: Edit | null): { readonly seed: string; readonly options: RunOptions } {
    if (edit === null) return { seed: this.#seed, options: this.#options };
    const { plan, seed, policy, network } = edit;
    return {
      seed: seed ?? this.#seed,
      options: {
        ...this.#options,
        // Another seed would draw another cell as well.
        ...(seed === undefined || this.#cell === null ? {} : { cell: this.#cell }),
        plan,
        ...(policy === undefined
          ? {}
          : { policy: (PRESETS as Record<string, { policy: RunOptions['policy'] }>)[policy]?.policy ?? null }),
        ...(network === undefined ? {} : { network: findNetwork(network) ?? null }),
      },
    };
  }

  model(edit: Edit | null): Model {
    const history: RecordedEntry[] = [];
    const { seed, options } = this.of(edit);
    const outcome = run(this.scenario, seed, { ...options, witness: (entry) => void history.push(entry) });
    if (edit === null) this.#cell = outcome.cell;
    this.#made.set(keyOf(edit), { history, outcome });
    // The recorded one and the last.
    for (const key of [...this.#made.keys()].slice(0, -1)) if (key !== keyOf(null)) this.#made.delete(key);
    return modelOf(this.scenario, outcome, history, this.world(edit));
  }

  verdict(edit: Edit): Verdicted {
    const { seed, options } = this.of(edit);
    const from = performance.now();
    const outcome = run(this.scenario, seed, options);
    const took = performance.now() - from;
    const [first] = outcome.breaches;
    const { verdict, digest, events, exceeded } = outcome;
    return {
      ...{ verdict, digest, events, took, law: first?.law ?? (exceeded === null ? null : 'budget') },
      ...{ at: first?.at ?? null, message: first?.message ?? exceeded },
    };
  }

  history(edit: Edit | null): readonly RecordedEntry[] {
    return this.#again(edit).history;
  }

  story(edit: Edit | null): Told {
    const { history, outcome } = this.#again(edit);
    return toldOf(this.scenario, outcome, history, this.of(edit).options);
  }

  #again(edit: Edit | null): { readonly history: readonly RecordedEntry[]; readonly outcome: Outcome } {
    const known = this.#made.get(keyOf(edit));
    if (known !== undefined) return known;
    this.model(edit);
    return this.#made.get(keyOf(edit)) as { history: readonly RecordedEntry[]; outcome: Outcome };
  }

  world(edit: Edit | null): World {
    const { seed, options } = this.of(edit);
    return worldOf(this.scenario, settingOf(this.scenario, seed, options)).world;
  }

  /** The run up to an event, with what changed in that: a run keeps nothing of the past, so it is made again. */
  stepTo(edit: Edit | null, event: number): { readonly opened: OpenRun; readonly step: RunStep | null } {
    const { seed, options } = this.of(edit);
    const opened = open(this.scenario, seed, { ...options, changes: true });
    let step: RunStep | null = null;
    while (opened.event < event) {
      const next = opened.step();
      if (next === null) break;
      step = next;
    }
    return { opened, step };
  }
}

const keyOf = (edit: Edit | null): string => JSON.stringify(edit);
