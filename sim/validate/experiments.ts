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
    rig.hear = (_, event) => {
      if (event.type !== 'frame') return;
      const { nonce } = event.payload as { nonce: number };
      took[nonce] = rig.now - (start + nonce * interval);
    };
    rig.open(() => {
      start = rig.now + 100;
      for (let n = 0; n < count; n++) rig.at(start + n * interval, () => rig.send(1, bytes, n));
    });
    rig.run(70_000);
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
    rig.hear = (_, event) => {
      if (event.type === 'frame') took = rig.now - start;
    };
    rig.open(() => {
      start = rig.now + 200;
      rig.at(start, () => rig.send(1, bytes));
    });
    rig.run();
    return took;
  });
}

export interface Outage extends Stream {
  readonly direction: 'both' | 'data' | 'ack';
  readonly cut: number;
}

/** From the heal to the first message that is delivered after it; the stream runs for 3 s before, and goes on. */
export function heals(conditions: Conditions, { interval, bytes, direction, cut }: Outage, count: number): number[] {
  const way = ({ both: 'both', data: 'down', ack: 'up' } as const)[direction];
  return Array.from({ length: count }, (_, i) => {
    const rig = new Rig(conditions, `heal-${i}`);
    let healed = Number.POSITIVE_INFINITY;
    let first = Number.POSITIVE_INFINITY;
    rig.hear = (_, event) => {
      if (event.type === 'frame' && rig.now >= healed && first === Number.POSITIVE_INFINITY) first = rig.now - healed;
    };
    rig.open(() => {
      const start = rig.now + 100 + 977.3 * i;
      // Cuts fall anywhere between two messages, and anywhere in the ticks of the kernel.
      const begin = start + 3000 + (interval * (i + 0.5)) / count;
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
    });
    rig.run();
    return first;
  });
}
