/** Attaching the handlers of a law, a claim or a figure to a witness. */
import { perObject } from './per-object.ts';
import { blamed, type Culprit } from './run-error.ts';
import { shown } from './shown.ts';
import type { Vocabulary } from './vocabulary.ts';
import { type Fold, type Topic, topicOf, type Witness } from './witness.ts';

/** A handler, and what it wants to hear of. */
export interface Handler {
  readonly topic: Topic;
  readonly fold: Fold;
}

/**
 * Whatever of `on` the witness sees goes to its handlers from here on. Throws, and blames the culprit, for a topic that
 * nobody would ever hear of.
 */
export function attach(
  witness: Witness,
  on: object,
  memory: unknown,
  say: (message: string) => void,
  culprit: Culprit,
): readonly Handler[] {
  const read = handlersIn(witness.vocabulary);
  let handlers = read.get(on);
  if (handlers === undefined) {
    handlers = handlersOf(on as Readonly<Record<string, Fold>>, witness.vocabulary, culprit);
    read.set(on, handlers);
  }
  for (const { topic, fold } of handlers) witness.fold(topic, { fold, memory, say, culprit });
  return handlers;
}

/** Laws and claims are the same in every run of a protocol, and read once. */
const handlersIn = perObject((_: Vocabulary) => new WeakMap<object, readonly Handler[]>());

const handlersOf = (on: Readonly<Record<string, Fold>>, vocabulary: Vocabulary, culprit: Culprit): readonly Handler[] =>
  Object.entries(on).map(([name, fold]) => {
    const topic = topicOf(name, vocabulary);
    if (topic === undefined)
      // It would see nothing, and be kept by every run.
      throw blamed(
        culprit,
        new Error(`\`on\`: expected kinds of entries of history, or \`sent TYPE\`, got ${shown(name)}`),
      );
    return { topic, fold };
  });
