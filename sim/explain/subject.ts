/**
 * What a breach is about: the nodes, connections, streams, sequence numbers and keys that its sentence names. Laws speak in
 * sentences, in which everything has the name that it has in a timeline; so what they name is found in the history again.
 */
import type { Entry, StreamId } from '../../src/history.ts';
import type { NodeId } from '../../src/machine.ts';
import type { ConnId } from '../../src/transport.ts';
import type { Cast } from './cast.ts';

export interface Subject {
  readonly nodes: readonly NodeId[];
  readonly conns: readonly ConnId[];
  readonly streams: readonly StreamId[];
  /** The first is the one that matters most: the missing one, where one is. */
  readonly seqs: readonly number[];
  /** What applications asked for, by its key. */
  readonly keys: readonly string[];
}

/** Reads a sentence; what it names and nobody of this run is called is left out. */
export function subjectOf(sentence: string, cast: Cast, history: readonly Entry[]): Subject {
  const words = new Set(sentence.split(/[^\w~#.$@/-]+/).map((word) => word.replace(/[.']+$|'s$/g, '')));
  const names = new Set(history.flatMap((entry) => (entry.kind === 'submitted' ? [entry.key] : [])));
  const known = new Map<string, StreamId>();
  for (const entry of history) if ('stream' in entry) known.set(String(entry.stream), entry.stream as StreamId);
  const conns = cast.connections.filter((name) => words.has(name)).map((name) => cast.named(name) as ConnId);
  const streams = [...sentence.replaceAll('"', '').matchAll(/\bstreams? ((?:[\w.:-]+(?:, | and )?)+)/g)]
    .flatMap(([, list = '']) => list.split(/, | and /))
    .flatMap((name) => known.get(name.replace(/[.:,]+$/, '')) ?? []);
  const seqs = [
    ...[...sentence.matchAll(/\b(?:missing|left out)\b[^.]*?\bseq (\d+)|\bseq (\d+) was left out/g)],
    ...[...sentence.matchAll(/\bseq (\d+)/g)],
  ].map(([, a, b]) => Number(a ?? b));
  const diallers = conns.flatMap((conn) => cast.diallerOf(conn) ?? []);
  return {
    nodes: [...new Set([...cast.nodes.filter((node) => words.has(node)), ...diallers])],
    conns,
    streams: [...new Set(streams)],
    seqs: [...new Set(seqs)],
    keys: [...names].filter((key) => words.has(key) || (/\W/.test(key) && stands(key, sentence))),
  };
}

/** Whether a name of several words stands in a sentence, and not as the beginning of a longer one. */
function stands(name: string, sentence: string): boolean {
  for (let at = sentence.indexOf(name); at >= 0; at = sentence.indexOf(name, at + 1))
    if (!/\w/.test(sentence[at - 1] ?? '') && !/\w/.test(sentence[at + name.length] ?? '')) return true;
  return false;
}
