/**
 * The real machines, driven by hand: one client, two servers, everything between them, and an application that does what
 * a test tells it. Between two commands the world is brought to rest: nothing is unsettled, and the client is connected.
 */
import { dice } from '../../../sim/core/dice.ts';
import { Kernel, type Node } from '../../../sim/core/kernel.ts';
import { populate } from '../../../sim/core/populate.ts';
import { stepInPlace } from '../../../sim/core/record.ts';
import { settingOf } from '../../../sim/core/setting.ts';
import { Universe } from '../../../sim/core/universe.ts';
import { Scene } from '../../../sim/faults/scene.ts';
import { networkNamed } from '../../../sim/networks/presets.ts';
import { sessionWitness } from '../../../sim/session/observe.ts';
import { session } from '../../../sim/session/protocol.ts';
import { contentsOf } from '../../../sim/session/scenarios/conditions.ts';
import { text } from '../../../sim/session/scenarios/midstream/text.ts';
import { buildWorld } from '../../../sim/session/scenarios/topology.ts';
import type { SessionWorld as Whole } from '../../../sim/session/world.ts';
import type { Chunk } from '../../../src/content.ts';
import type { ApplicationError } from '../../../src/errors.ts';
import type { WorkPace } from '../../../src/session/agent/config.ts';
import type { ApplicationEffect } from '../../../src/session/application.ts';
import type { ClientState } from '../../../src/session/client/state.ts';
import { revive, store } from '../../../src/session/client/storage.ts';
import type { EntryOf } from '../../../src/session/history.ts';
import { after, type Duration, ms, seconds } from '../../../src/time.ts';

export const PACE: WorkPace = { toolEvery: 7, toolTime: ms(20), memoryEvery: 3, memoryKeys: 4 };
/** A session without a connection lives so long. */
export const TTL: Duration = seconds(20);
/** Any command is over by then, or something hangs. */
const PATIENCE: Duration = seconds(600);

export class World {
  readonly universe: Universe;
  readonly scene: Scene;
  readonly answers: readonly (readonly Chunk[])[];
  /** What the application was given when its client was welcomed, since a test last looked; and what it was told. */
  readonly restored: EntryOf<'restored'>[] = [];
  readonly told: ApplicationError[] = [];
  /** Sends without an outcome, and streams without an end. */
  readonly #asked = new Set<string>();
  readonly #open = new Set<number>();
  readonly #complete = new Set<number>();
  readonly #kernel: Kernel;
  #awake = false;

  constructor(seed: string) {
    const setting = settingOf(text, seed);
    const whole: Whole = buildWorld({
      clients: 1,
      servers: 2,
      network: networkNamed('cable'),
      contents: contentsOf(setting, ['short', 'short-b']),
      turns: () => [],
      server: { sessionTtl: TTL },
      store: { sessionTtl: TTL },
      agent: { work: PACE, chunkInterval: ms(5) },
    });
    this.answers = whole.contents.map(({ chunks }) => chunks);
    this.#kernel = new Kernel(dice(seed));
    const witness = sessionWitness();
    witness.listen('restored', (entry) => this.restored.push(entry));
    this.universe = new Universe({
      kernel: this.#kernel,
      witness,
      step: stepInPlace,
      serviceDelay: whole.serviceDelay,
      hooks: {
        application: (_, effect) => this.#hear(effect as unknown as ApplicationEffect),
        exited: () => undefined,
        act: () => {
          this.#awake = true;
        },
      },
    });
    populate(this.universe, session.cast(whole));
    this.scene = new Scene(this.universe, {
      abandon: () => undefined,
      exited: () => undefined,
      later: () => undefined,
      unloaded: () => undefined,
      reloaded: () => undefined,
    });
    this.start();
  }

  get client(): Node {
    return this.universe.wiring.node('c1');
  }

  /** The server that has the client's session. */
  get owner(): Node {
    const { session } = this.client.state as ClientState;
    const has = (name: string): boolean =>
      session !== null &&
      Object.hasOwn((this.universe.wiring.node(name).state as { sessions: object }).sessions, session.id);
    return this.universe.wiring.node(has('s2') ? 's2' : 's1');
  }

  start(): void {
    this.universe.intend(this.client, { type: 'start' });
    this.settle();
  }

  submit(key: string, ask: number): void {
    this.#asked.add(key);
    this.universe.intend(this.client, { type: 'submit', key, ask, bytes: 100 });
  }

  /** The client's process dies, and a new one starts with what the old one stored, or without. */
  reload(kept: 'stored' | 'nothing', meanwhile: Duration = ms(10)): void {
    const { client, universe } = this;
    const stored = store(client.state as ClientState);
    const { config, dials } = client.state as ClientState;
    universe.down(client, 'process');
    this.wait(meanwhile);
    // A new page names its connections where no old one can be, and dials with numbers that no old one used.
    const next = { ...config, connBase: config.connBase + dials, dialsFrom: this.#kernel.now };
    universe.up(client, revive(next, kept === 'stored' ? structuredClone(stored) : null));
    this.start();
  }

  wait(time: Duration): void {
    this.#awake = false;
    this.#kernel.plan(after(this.#kernel.now, time), { type: 'wake' });
    this.until(() => this.#awake);
  }

  /** Lets things happen until the client is connected and nothing that was asked is owed. */
  settle(): void {
    this.until(() => {
      const { phase } = (this.client.state as ClientState).doing;
      return phase === 'live' && this.#asked.size === 0 && this.#open.size === 0;
    });
  }

  until(done: () => boolean): void {
    const kernel = this.#kernel;
    const limit = after(kernel.now, PATIENCE);
    while (!done()) {
      const ended = kernel.run(this.universe, { events: kernel.event + 1, time: limit, queue: 1e9, dials: 1e9 });
      if (ended === null || kernel.now > limit) throw new Error(`nothing more happens, or too much: ${ended}`);
    }
  }

  #hear(effect: ApplicationEffect): void {
    if (effect.type === 'settle') {
      this.#asked.delete(effect.key);
      if (effect.stream > 0 && !this.#complete.has(effect.stream)) this.#open.add(effect.stream);
    } else if (effect.type === 'report') this.told.push(effect.error);
    else if (effect.type === 'restore' && !effect.resumed) {
      this.#open.clear();
      this.#complete.clear();
    } else if (
      (effect.type === 'deliver' && effect.chunk.fin) ||
      (effect.type === 'replace' && effect.chunks.at(-1)?.fin === true)
    ) {
      this.#complete.add(effect.stream);
      this.#open.delete(effect.stream);
    }
  }
}
