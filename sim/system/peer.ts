/**
 * `peer(…)`: a client in a dozen lines, for whoever ships a server only. It does one thing after the other: connects, sends,
 * expects, waits, cuts the line. Whenever its connection is lost it waits a little, and goes on from its last `connect`.
 *
 * What it expects and does not get breaks the law *as-expected*, unless there was a fault since it had dialled. `fuzzed` is a peer that says everything that a server must survive.
 */
import type { Machine } from '../../src/machine.ts';
import { type Duration, parseDuration, seconds } from '../../src/time.ts';
import { shown } from '../core/shown.ts';
import { vouched } from '../core/spoken.ts';
import { asExpected } from './as-expected.ts';
import type { Part } from './definition.ts';
import type { Message } from './host-server.ts';
import { PeerProcess } from './peer-process.ts';
import type { Piece } from './probe.ts';
import { type Caller, rangeOf, type Time } from './story.ts';

/** What to say, or what makes it: `n` counts what this peer has sent, from 1. */
export type Saying = Message | ((n: number, who: Speaker) => Message);

/** The peer in whose turn something is said. */
export interface Speaker extends Caller {
  submitted(key: string): void;
  settled(key: string, outcome: 'done' | 'failed' | 'unknown'): void;
  received(stream: string, piece: Piece): void;
  note(text: string, data?: unknown): void;
}

/** Text that is the message, a pattern that fits it, or a function that knows it. */
export type Expected = string | RegExp | ((message: Message) => boolean);

export type Step =
  | {
      readonly does: 'connect';
      readonly url: string;
      readonly protocols: readonly string[];
      readonly fields: Readonly<Record<string, string>>;
    }
  | { readonly does: 'send'; readonly what: Saying; readonly pieces: number }
  | { readonly does: 'expect'; readonly what: Expected; readonly within: Duration }
  | { readonly does: 'wait'; readonly for: readonly [Duration, Duration] }
  | { readonly does: 'close'; readonly code: number; readonly reason: string }
  | { readonly does: 'cut' }
  | { readonly does: 'fuzz'; readonly hostility: Hostility | null }
  /** The steps before it once more, so many of them, until they were done so often. */
  | { readonly does: 'again'; readonly steps: number; readonly times: number };

/** What a fuzzed peer says: `odd` is what is allowed and rare; `rude` breaks RFC 6455, or HTTP; `slow` begins, and never ends. */
export type Hostility = 'odd' | 'rude' | 'slow';

/** What a script is written with. */
export interface PeerTools {
  /** A WebSocket to that URL (`ws://server/chat`). */
  connect(
    url: string,
    more?: { readonly protocols?: readonly string[]; readonly fields?: Readonly<Record<string, string>> },
  ): Step;
  /** One message; `pieces` fragments it. */
  send(what: Saying, more?: { readonly pieces?: number }): Step;
  /**
   * This message comes, or has come, within `'10s'`; those before it are passed over. If it does not, the peer gives the
   * connection up.
   */
  expect(what: Expected, within?: string): Step;
  wait(time: Time): Step;
  /** The closing handshake. */
  close(code?: number, reason?: string): Step;
  /** Gone at once, in the middle of whatever is under way, with an RST. */
  cut(): Step;
  /** Something that a server must survive. */
  fuzz(hostility?: Hostility): Step;
  /** These steps, so often; `Infinity`: for as long as it stays. */
  repeat(times: number, ...steps: readonly (Step | readonly Step[])[]): readonly Step[];
}

export interface PeerOptions {
  /** Called for every message that comes: what it means at the boundary. */
  readonly message?: (message: Message, who: Speaker) => void;
}

/** A client for `system({ client: … })`. Throws in one line for what is no script. */
export function peer(
  script: (tools: PeerTools) => readonly (Step | readonly Step[])[],
  options: PeerOptions = {},
): Part {
  if (typeof script !== 'function') throw new Error(`peer: expected a function of its steps, got ${shown(script)}`);
  const said: unknown = script(TOOLS);
  if (!Array.isArray(said) || said.length === 0)
    throw new Error(`peer: expected a function that returns a list of steps, got ${shown(said)}`);
  const steps = said.flat() as readonly Step[];
  const odd = steps.findIndex((step) => step === null || typeof step !== 'object' || !('does' in step));
  if (odd >= 0)
    throw new Error(
      `peer: step ${odd + 1}: expected what connect, send, expect, wait, close, cut, fuzz or repeat makes, got ${shown(steps[odd])}`,
    );
  if ((steps[0] as Step).does !== 'connect' && (steps[0] as Step).does !== 'wait')
    throw new Error('peer: step 1: expected connect(…), as nothing can be said before');
  const machine: Machine<{ readonly node: string }, PeerProcess, { readonly type: string }, unknown> = {
    kind: 'client',
    opaque: true,
    init: ({ node }) => new PeerProcess(steps, options, node),
    step: (process, event, context) => process.step(event, context),
  };
  return vouched({ machine: vouched(machine), exports: [], laws: [asExpected] });
}

/** A peer that is never nice: it says, in turn, what is rare, what is wrong, and what never ends. */
export const fuzzed = (url: string, more: Parameters<PeerTools['connect']>[1] = {}): Part =>
  peer(({ connect, fuzz, wait, repeat }) => [connect(url, more), repeat(Infinity, wait(['50ms', '3s']), fuzz())]);

const WITHIN = seconds(10);

const TOOLS: PeerTools = {
  connect(url, { protocols = [], fields = {} } = {}) {
    if (typeof url !== 'string' || !/^wss?:\/\/[^/?#\s]+/.test(url))
      throw new Error(`peer: connect: expected a URL such as 'ws://server/chat', got ${shown(url)}`);
    return { does: 'connect', url, protocols, fields };
  },
  send(what, { pieces = 1 } = {}) {
    if (typeof what !== 'string' && typeof what !== 'function' && !(what instanceof Uint8Array))
      throw new Error(`peer: send: expected text, bytes, or a function that makes them, got ${shown(what)}`);
    if (!Number.isSafeInteger(pieces) || pieces < 1 || pieces > 1000)
      throw new Error(`peer: send: \`pieces\`: expected a whole number from 1 to 1000, got ${shown(pieces)}`);
    return { does: 'send', what, pieces };
  },
  expect(what, within) {
    if (typeof what !== 'string' && typeof what !== 'function' && !(what instanceof RegExp))
      throw new Error(`peer: expect: expected text, a pattern or a function, got ${shown(what)}`);
    const time = within === undefined ? WITHIN : parseDuration(within);
    if (time === undefined)
      throw new Error(`peer: expect: expected a length of time such as '5s', got ${shown(within)}`);
    return { does: 'expect', what, within: time };
  },
  wait: (time) => ({ does: 'wait', for: rangeOf(time, 'peer: wait', (exact) => [exact, exact]) }),
  close: (code = 1000, reason = '') => ({ does: 'close', code, reason }),
  cut: () => ({ does: 'cut' }),
  fuzz(hostility) {
    if (hostility !== undefined && !['odd', 'rude', 'slow'].includes(hostility))
      throw new Error(`peer: fuzz: expected odd, rude or slow, got ${shown(hostility)}`);
    return { does: 'fuzz', hostility: hostility ?? null };
  },
  repeat(times, ...steps) {
    if (!(times >= 1)) throw new Error(`peer: repeat: expected a number from 1, got ${shown(times)}`);
    const inner = steps.flat();
    if (times > MANY && !inner.some(takesTime))
      throw new Error(
        'peer: repeat: expected a step that takes time among those that are repeated for ever, such as wait',
      );
    return [...inner, { does: 'again', steps: inner.length, times }];
  },
};

/** More than that is for ever, as far as a run goes. */
const MANY = 10_000;

const takesTime = ({ does }: Step): boolean => does === 'wait' || does === 'connect' || does === 'expect';
