/**
 * How a connection dies, row by row as it was measured (round trip 100 ms, no loss; `ws` 8.23.0 on Node 20.20.2): who sees
 * which code, when, and what of a queued megabyte survives. Left out: rows about a paused or
 * unread receiver (endpoints here read), handshake time-outs (an endpoint's own), and shorter settings of tcp_retries2.
 */
import type { End, LinkEvent } from '../../../src/link/vocabulary.ts';
import type { Row } from './compare.ts';
import { quantile, Rig } from './rig.ts';

/** What an end saw: when each message came, and how it ended (times from the action, in milliseconds). */
interface Seen {
  readonly frames: number[];
  code: number;
  status: number;
  closed: number;
}

type Sides = readonly [client: Seen, server: Seen];

interface Death {
  readonly name: string;
  readonly mbps?: number;
  /** Before the connection is opened. */
  prepare?(rig: Rig): void;
  /** Once it is open, at a time that is counted as 0. */
  act(rig: Rig): void;
  /** How long the ends are watched. */
  readonly until: number;
  /** What was measured, what is seen here, and by what share they may differ; never: Infinity on both sides. */
  check(sides: Sides): readonly (readonly [figure: string, measured: number, simulated: number, bound?: number])[];
}

const NEVER = Number.POSITIVE_INFINITY;
const CLIENT: End = 0;
const SERVER: End = 1;

const close = (end: End, code: number): LinkEvent => ({ type: 'close', end, conn: 1, code, reason: '' });
const terminate = (end: End, how: 'fin' | 'rst'): LinkEvent => ({ type: 'terminate', end, conn: 1, how });
const kill = (end: End): LinkEvent => ({ type: 'endDown', end, how: 'process' });
const cut: LinkEvent = { type: 'cut', direction: 'both' };
const heal: LinkEvent = { type: 'heal', direction: 'both' };

/** A thousand messages of 1 KB handed over 0.4 s before the action. */
function queued(rig: Rig, then: () => void): void {
  for (let i = 0; i < 1000; i++) rig.send(SERVER, 1024, i);
  rig.at(rig.now + 400, then);
}

export const DEATHS: readonly Death[] = [
  {
    name: 'server process killed, idle',
    until: 1000,
    act: (rig) => rig.tell(kill(SERVER)),
    check: ([client]) => [
      ['client code', 1006, client.code, 0],
      ['client', 53, client.closed],
    ],
  },
  {
    name: 'server process killed, 1 MB queued',
    mbps: 2,
    until: 10_000,
    act: (rig) => queued(rig, () => rig.tell(kill(SERVER))),
    check: ([client]) => [
      ['messages', 195, client.frames.length],
      ['last message', 528, (client.frames.at(-1) ?? NEVER) - 400],
      ['client', 547, client.closed - 400],
    ],
  },
  {
    name: 'server process killed 1 s into a cut of 5 s',
    until: 20_000,
    act(rig) {
      rig.tell(cut);
      rig.at(rig.now + 1000, () => rig.tell(kill(SERVER)));
      rig.at(rig.now + 5000, () => rig.tell(heal));
    },
    check: ([client]) => [['client, after the heal', 1085, client.closed - 5000, 0.125]],
  },
  {
    name: 'server resets, idle',
    until: 1000,
    act: (rig) => rig.tell(terminate(SERVER, 'rst')),
    check: ([client, server]) => [
      ['client code', 1006, client.code, 0],
      ['client', 52, client.closed],
      ['server code', 1006, server.code, 0],
      ['server', 2, server.closed],
    ],
  },
  {
    name: 'server resets, 1 MB queued',
    mbps: 2,
    until: 10_000,
    act: (rig) => queued(rig, () => rig.tell(terminate(SERVER, 'rst'))),
    check: ([client, server]) => [
      ['messages', 124, client.frames.length],
      // How much is inside the network depends on the window after 0.4 s.
      ['client', 242, client.closed - 400, 0.1],
      ['server', 2, server.closed - 400],
    ],
  },
  {
    name: 'server terminates, idle',
    until: 1000,
    act: (rig) => rig.tell(terminate(SERVER, 'fin')),
    check: ([client, server]) => [
      ['client', 51, client.closed],
      ['server', 2, server.closed],
    ],
  },
  {
    name: 'server terminates, 1 MB queued',
    mbps: 2,
    until: 10_000,
    act: (rig) => queued(rig, () => rig.tell(terminate(SERVER, 'fin'))),
    check: ([client, server]) => [
      ['messages', 195, client.frames.length],
      ['client', 547, client.closed - 400],
      ['server', 3, server.closed - 400],
    ],
  },
  {
    name: 'server closes with 1012, idle',
    until: 1000,
    act: (rig) => rig.tell(close(SERVER, 1012)),
    check: ([client, server]) => [
      ['client code', 1012, client.code, 0],
      ['client', 153, client.closed],
      ['server code', 1012, server.code, 0],
      ['server', 104, server.closed],
    ],
  },
  {
    name: 'server closes with 1012, 1 MB queued',
    mbps: 2,
    until: 20_000,
    act: (rig) => queued(rig, () => rig.tell(close(SERVER, 1012))),
    check: ([client, server]) => [
      ['messages', 1000, client.frames.length, 0],
      ['last message', 3972, (client.frames.at(-1) ?? NEVER) - 400],
      ['client', 4074, client.closed - 400],
      ['server', 4024, server.closed - 400],
    ],
  },
  {
    name: 'client closes with 1000, idle',
    until: 1000,
    act: (rig) => rig.tell(close(CLIENT, 1000)),
    check: ([client, server]) => [
      ['client code', 1000, client.code, 0],
      ['client', 104, client.closed],
      ['server', 154, server.closed],
    ],
  },
  {
    name: 'dial to a dead port',
    until: 1000,
    prepare: (rig) => rig.tell(kill(SERVER)),
    act: () => {},
    check: ([client]) => [
      ['client code', 1006, client.code, 0],
      ['client', 101, client.closed],
    ],
  },
  {
    name: 'dial into a black hole',
    until: 200_000,
    prepare: (rig) => rig.tell(cut),
    act: () => {},
    check: ([client]) => [['client', 134_900, client.closed, 0.01]],
  },
  {
    name: 'black hole of 60 s, idle',
    until: 120_000,
    act(rig) {
      rig.tell(cut);
      rig.at(rig.now + 60_000, () => {
        rig.tell(heal);
        rig.send(SERVER, 50);
      });
    },
    check: ([client, server]) => [
      ['client', NEVER, client.closed],
      ['server', NEVER, server.closed],
      ['message after the heal', 51.5, (client.frames[0] ?? NEVER) - 60_000],
    ],
  },
  {
    name: 'black hole, client closes with 1000',
    until: 120_000,
    act(rig) {
      rig.tell(cut);
      rig.tell(close(CLIENT, 1000));
    },
    check: ([client, server]) => [
      ['client code', 1006, client.code, 0],
      ['client', 30_000, client.closed],
      ['server', NEVER, server.closed],
    ],
  },
  {
    name: 'black hole, client terminates',
    until: 120_000,
    act(rig) {
      rig.tell(cut);
      rig.tell(terminate(CLIENT, 'fin'));
    },
    check: ([client, server]) => [
      ['client', 0.2, client.closed],
      ['server', NEVER, server.closed],
    ],
  },
  {
    name: 'black hole, server closes with 1012',
    until: 120_000,
    act(rig) {
      rig.tell(cut);
      rig.tell(close(SERVER, 1012));
    },
    check: ([client, server]) => [
      ['client', NEVER, client.closed],
      ['server', 30_000, server.closed],
    ],
  },
  {
    name: 'black hole for ever, server sends (tcp_retries2 = 15)',
    until: 5_000_000,
    act(rig) {
      for (let i = 0; i < 200; i++) rig.at(rig.now + 30 * i, () => rig.send(SERVER, 50, i));
      rig.at(rig.now + 100, () => rig.tell(cut));
    },
    check: ([client, server]) => [
      ['client', NEVER, client.closed],
      ['server code', 1006, server.code, 0],
      // Not measured to its end: alive at 1000 s; the rule that fits shorter settings says 1006 s.
      ['server', 1_006_000, server.closed, 0.05],
    ],
  },
];

/** Plays a death on the link machine. */
export function watch({ mbps = 0, prepare, act, until }: Death, phase: number): Sides {
  const rig = new Rig({ rtt: 100, mbps }, 'death');
  const sides: Sides = [blank(), blank()];
  let start = 0;
  rig.hear = (end, event) => {
    if (event.type === 'frame') sides[end].frames.push(rig.now - start);
    if (event.type !== 'closed') return;
    sides[end].closed = rig.now - start;
    sides[end].code = event.code;
    sides[end].status = event.status;
  };
  prepare?.(rig);
  rig.open(() => {
    start = rig.now + 1000 + phase;
    rig.at(start, () => act(rig));
  });
  rig.run(1500 + phase + until);
  return sides;
}

const blank = (): Seen => ({ frames: [], code: 0, status: 0, closed: NEVER });

/** Where the action falls in the slots of the kernel's timers decides when a time-out fires: a death is watched that often. */
const PHASES = 9;
/** The widest slot that matters, in milliseconds. */
const SLOT = 256;

export function deathRows(): Row[] {
  return DEATHS.flatMap((death) => {
    const runs = Array.from({ length: PHASES }, (_, i) => death.check(watch(death, (SLOT * (i + 0.5)) / PHASES)));
    return (runs[0] ?? []).map(
      ([figure, measured, , bound = 0.05], row): Row => ({
        experiment: 'death',
        cell: death.name,
        rtt: 100,
        figure,
        measured,
        simulated: quantile(
          runs.map((figures) => figures[row]?.[2] ?? Number.NaN),
          0.5,
        ),
        bound,
        interval: null,
        noise: null,
        again: null,
      }),
    );
  });
}
