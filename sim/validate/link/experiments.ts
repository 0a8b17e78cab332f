/** The experiments of the reference, repeated on the link machine. All times in milliseconds. */
import { type Conditions, Rig } from './rig.ts';

/** How long dials take until they are open. */
export function connects(conditions: Conditions, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const rig = new Rig(conditions, `connect-${i}`);
    let took = Number.POSITIVE_INFINITY;
    // Dials fall anywhere in the ticks of the kernel.
    const start = 13.7 * i;
    rig.at(start, () =>
      rig.open(() => {
        took = rig.now - start;
      }),
    );
    rig.run();
    return took;
  });
}

export interface Stream {
  readonly interval: number;
  readonly bytes: number;
}

/** One-way latencies of all messages of streams that last 10 s; what has not come 60 s later never does. */
export function latencies(conditions: Conditions, { interval, bytes }: Stream, connections: number): number[] {
  const all: number[] = [];
  const count = Math.floor(10_000 / interval);
  for (let i = 0; i < connections; i++) {
    const rig = new Rig(conditions, `paced-${i}`);
    const took = new Array<number>(count).fill(Number.POSITIVE_INFINITY);
    let start = 0;
    rig.hear = (end, event) => {
      if (event.type !== 'frame') return;
      const { nonce } = event.payload as { nonce: number };
      if (end === 0) took[nonce] = rig.now - (start + nonce * interval);
      else {
        start = rig.now + WARM_UP;
        for (let n = 0; n < count; n++) rig.at(start + n * interval, () => rig.send(1, bytes, n));
      }
    };
    rig.at(2048 * spread(i, 2), () => rig.open(() => rig.send(0, ORDER)));
    rig.run(75_000);
    all.push(...took);
  }
  return all;
}

/** How long single messages take. */
export function transfers(conditions: Conditions, bytes: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const rig = new Rig(conditions, `bulk-${i}`);
    let start = 0;
    let took = Number.POSITIVE_INFINITY;
    rig.hear = (end, event) => {
      if (event.type !== 'frame') return;
      if (end === 0) took = rig.now - start;
      else {
        start = rig.now + WARM_UP;
        rig.at(start, () => rig.send(1, bytes));
      }
    };
    rig.at(2048 * spread(i, 2), () => rig.open(() => rig.send(0, ORDER)));
    rig.run();
    return took;
  });
}

export interface Outage extends Stream {
  readonly direction: 'both' | 'data' | 'ack';
  readonly cut: number;
}

/** From the heal to the first message that is delivered after it, in a stream that began 1.5 to 2 s before the cut. */
export function heals(conditions: Conditions, { interval, bytes, direction, cut }: Outage, count: number): number[] {
  const way = ({ both: 'both', data: 'down', ack: 'up' } as const)[direction];
  return Array.from({ length: count }, (_, i) => {
    const rig = new Rig(conditions, `heal-${i}`);
    let healed = Number.POSITIVE_INFINITY;
    let first = Number.POSITIVE_INFINITY;
    const stream = (): void => {
      const start = rig.now + WARM_UP;
      // Where the cut falls between two messages follows from where it falls in that half second.
      const begin = start + 1500 + 500 * spread(i, 1);
      const end = begin + cut + 2 * cut + 5_000;
      const next = (at: number): void => {
        if (at > end || first !== Number.POSITIVE_INFINITY) return;
        rig.at(at, () => {
          rig.send(1, bytes);
          next(at + interval);
        });
      };
      next(start);
      rig.at(begin, () => rig.tell({ type: 'cut', direction: way }));
      rig.at(begin + cut, () => {
        healed = rig.now;
        rig.tell({ type: 'heal', direction: way });
      });
    };
    rig.hear = (end, event) => {
      if (event.type !== 'frame') return;
      if (end === 1) stream();
      else if (rig.now >= healed && first === Number.POSITIVE_INFINITY) first = rig.now - healed;
    };
    // A dial falls anywhere within the widest slot of the kernel's timers that matters here.
    rig.at(2048 * spread(i, 2), () => rig.open(() => rig.send(0, ORDER)));
    rig.run();
    return first;
  });
}

/** How late the first message is after a stream paused from 0.8 s before a cut until its heal had reached it 0.3 s ago. */
export function idles(conditions: Conditions, { interval, bytes, direction, cut }: Outage, count: number): number[] {
  const way = ({ both: 'both', data: 'down', ack: 'up' } as const)[direction];
  return Array.from({ length: count }, (_, i) => {
    const rig = new Rig(conditions, `idle-${i}`);
    let resumed = Number.POSITIVE_INFINITY;
    let took = Number.POSITIVE_INFINITY;
    const stream = (): void => {
      const start = rig.now + WARM_UP;
      const begin = start + 1500 + 500 * spread(i, 1);
      for (let at = start; at < begin - 800; at += interval) rig.at(at, () => rig.send(1, bytes));
      rig.at(begin, () => rig.tell({ type: 'cut', direction: way }));
      rig.at(begin + cut, () => rig.tell({ type: 'heal', direction: way }));
      rig.at(begin + cut + 300 - conditions.rtt / 2, () => {
        resumed = rig.now;
        rig.send(1, bytes);
      });
    };
    rig.hear = (end, event) => {
      if (event.type !== 'frame') return;
      if (end === 1) stream();
      else if (rig.now >= resumed) took = rig.now - resumed;
    };
    rig.at(2048 * spread(i, 2), () => rig.open(() => rig.send(0, ORDER)));
    rig.run();
    return took;
  });
}

/** The client orders its stream with a message of about that many bytes, and the server takes about that long to begin. */
const ORDER = 60;
const WARM_UP = 20;

/**
 * Points that fill the unit square evenly however many are taken (Roberts' R2 sequence): the phases of a measurement are
 * drawn from it, so that few runs see as much of them as many runs of chance.
 */
const spread = (index: number, dimension: 1 | 2): number => {
  const at = 0.5 + (index + 1) * (dimension === 1 ? 0.7548776662466927 : 0.5698402909980532);
  return at - Math.floor(at);
};
