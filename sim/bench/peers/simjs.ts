/** PHOLD on `simjs`: a process is an entity, an event a timer of the entity that it is sent to. */
import { createRequire } from 'node:module';
import { checksum, delayOf, type Kernel, lcg, type Sample, targetOf, timed } from '../workload.ts';

interface Entity {
  setTimer(delay: number): { done(callback: () => void): void };
}

interface Simjs {
  readonly Sim: new () => {
    addEntity<T extends Entity>(kind: new (sim: unknown, name?: string) => T): T;
    simulate(endTime: number, maxEvents: number): boolean;
  };
  readonly Entity: new (sim: unknown, name?: string) => Entity;
}

/** The package is a browser bundle that exports nothing and hangs itself on `window`, so it is given one while it loads. */
function load(): Simjs {
  const scope = globalThis as { window?: { Sim?: Simjs } };
  const before = scope.window;
  const window: { Sim?: Simjs } = {};
  scope.window = window;
  try {
    createRequire(import.meta.url)('simjs');
  } finally {
    if (before === undefined) delete scope.window;
    else scope.window = before;
  }
  if (window.Sim === undefined) throw new Error('simjs did not put itself on `window`');
  return window.Sim;
}

const { Sim, Entity } = load();

class Process extends Entity {
  seed = 0;
  visits = 0;
  peers: Process[] = [];

  start(): void {}

  visit(): void {
    const draw = lcg(this.seed);
    this.seed = lcg(draw);
    this.visits++;
    this.peers[targetOf(draw, this.peers.length)]!.expect(delayOf(this.seed));
  }

  expect(delay: number): void {
    this.setTimer(delay).done(this.visit);
  }
}

export const simjs: Kernel = {
  name: 'simjs',
  run({ processes, population, events }): Sample {
    const sim = new Sim();
    const peers = Array.from({ length: processes }, () => sim.addEntity(Process));
    peers.forEach((each, index) => {
      each.seed = index;
      each.peers = peers;
    });
    let seed = 1;
    for (let index = 0; index < population; index++) {
      seed = lcg(seed);
      peers[index % processes]!.expect(delayOf(seed));
    }
    const ns = timed(events, () => sim.simulate(Number.POSITIVE_INFINITY, events));
    return { ns, checksum: checksum(peers) };
  },
};
