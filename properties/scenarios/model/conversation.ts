/**
 * The reference model of a conversation: what a client must find in its session, said as simply as possible.
 *
 * Two lists: the keys of the sends that took effect, and what the answers left behind, in order. Nothing here knows of
 * connections, generations, crashes or retries. Hashes are computed from the lists in exact arithmetic and from the
 * protocol's words alone, so that a slip in the machines' own arithmetic would show as well.
 */
import type { Chunk } from '../../../src/content.ts';
import type { WorkPace } from '../../../src/session/agent/config.ts';
import type { ContextSummary, WorkSummary } from '../../../src/session/wire/frames.ts';

/** Something that an answer left behind. */
type Left =
  | { readonly about: 'tool'; readonly key: string; readonly value: number }
  | { readonly about: 'memory'; readonly key: string; readonly value: number }
  | { readonly about: 'step' };

export interface Conversation {
  turns: string[];
  left: Left[];
  /** Answers so far: the number of the last stream. */
  answers: number;
}

export const clean = (): Conversation => ({ turns: [], left: [], answers: 0 });

/** A send takes effect; `answer` is what the agent will say, or null when nothing was asked. */
export function take(model: Conversation, key: string, answer: readonly Chunk[] | null, pace: WorkPace): void {
  model.turns.push(key);
  if (answer === null) return;
  const stream = ++model.answers;
  for (const [i, { sum, fin }] of answer.entries()) {
    const seq = i + 1;
    if (fin) model.left.push({ about: 'step' });
    else if (seq % pace.toolEvery === 0)
      model.left.push({ about: 'tool', key: `s${stream}/${seq / pace.toolEvery}`, value: sum });
    else if (seq % pace.memoryEvery === 0)
      model.left.push({ about: 'memory', key: `m${(stream + seq / pace.memoryEvery) % pace.memoryKeys}`, value: sum });
  }
}

/** The context after the first `turns` turns. */
export const contextAfter = ({ turns }: Conversation, count: number): ContextSummary => ({
  turns: count,
  digest: turns.slice(0, count).reduce((digest, key, i) => mixed(digest, i + 1, key), 0),
});

/** The work after the first `count` things that were left behind; undefined for none. */
export function workAfter({ left }: Conversation, count: number): WorkSummary | undefined {
  if (count === 0) return undefined;
  const memory = new Map<string, number>();
  let step = 0;
  let calls = 0;
  let callsDigest = 0;
  for (const each of left.slice(0, count)) {
    if (each.about === 'step') step++;
    else if (each.about === 'memory') memory.set(each.key, each.value);
    else {
      calls++;
      callsDigest = mixed(callsDigest, each.value, each.key);
    }
  }
  const sum = [...memory].reduce((total, [key, value]) => total + BigInt(mixed(0, value, key)), 0n);
  return { notes: count, step, calls, callsDigest, memory: Number(sum % TWO_32) };
}

const TWO_32 = 4_294_967_296n;
const PRIME = 0x01000193n;

/** FNV-1a over a number and the units of a text, modulo 2^32. */
function mixed(digest: number, number: number, text: string): number {
  let hash = ((BigInt(digest) ^ BigInt(number)) * PRIME) % TWO_32;
  for (let i = 0; i < text.length; i++) hash = ((hash ^ BigInt(text.charCodeAt(i))) * PRIME) % TWO_32;
  return Number(hash);
}
