/**
 * Law: honest errors. What an application is told of its own doing is true.
 *
 * *Done* is told of what has taken effect before; *failed* of what never does. Nobody is told how something ended that they
 * did not ask for, or two different endings of it. Where it is said which errors an application may be told, it is told no
 * other. An error of a stream is about one that there is: somebody wrote on it,
 * read it, or asked under its name. That is judged when the run is over; and what takes effect, or is asked for, only where
 * somebody ever says so.
 */
import type { SendOutcome } from '../../../src/boundary.ts';
import type { Facts } from '../../../src/facts.ts';
import { clientOf, type EntryOf, type StreamId } from '../../../src/history.ts';
import type { NodeId } from '../../../src/machine.ts';
import { formatInstant, type Instant } from '../../../src/time.ts';
import { visible } from '../../../src/visible.ts';
import { type Breach, law } from '../law.ts';
import { keyNamed, streamNamed } from './say.ts';

interface Answer {
  readonly node: NodeId;
  readonly at: Instant;
  readonly outcome: SendOutcome;
  /** Nobody had asked for it, or it had not taken effect, as far as was known then. */
  readonly unasked: boolean;
  readonly undone: boolean;
}

interface Memory {
  readonly clients: ReadonlySet<NodeId>;
  /** By client and key. */
  readonly asked: Set<string>;
  readonly answers: Map<string, Answer>;
  /** Whose it was, as the server says, by key; '' where it does not know. */
  readonly done: Map<string, Set<NodeId>>;
  readonly streams: Set<StreamId>;
  readonly errors: EntryOf<'told'>[];
  /** Errors that an application may be told; null: any. */
  readonly allowed: readonly string[] | null;
}

export const honestErrors = law<Memory>({
  name: 'honest-errors',
  states: 'an application is told that something is done, or failed, only if that is so; and errors of what there is',
  needs: { anyOf: ['settled', 'told'] },
  remember: ({ clients, allowedErrors }: Facts) => ({
    clients: new Set(clients.map(({ node }) => node)),
    asked: new Set(),
    answers: new Map(),
    done: new Map(),
    streams: new Set(),
    errors: [],
    allowed: allowedErrors ?? null,
  }),
  on: {
    submitted({ asked, streams }, { node, key }) {
      asked.add(`${clientOf(node)} ${key}`);
      streams.add(key);
    },
    performed({ clients, done, answers }, { node, client, key }, breach) {
      const whose = client === '' ? '' : clientOf(client);
      const known = done.get(key);
      if (known === undefined) done.set(key, new Set([whose]));
      else known.add(whose);
      for (const name of clients) {
        const answer = answers.get(`${name} ${key}`);
        if (answer?.outcome === 'failed' && (whose === '' || whose === name))
          breach(
            `${answer.node} was told at ${formatInstant(answer.at)} that ${keyNamed(key)} had failed, and ${node} performed it afterwards.`,
          );
      }
    },
    settled: judgeAnswer,
    told({ errors, allowed, clients }, entry, breach) {
      const { node, error, detail } = entry;
      if (allowed?.includes(error) === false && clients.has(clientOf(node)))
        breach(
          `${node} was told ${visible(error)}${detail === '' ? '' : ` (${visible(detail)})`}; it may be told ${allowed.join(', ') || 'no error'}.`,
        );
      if (entry.stream !== undefined) errors.push(entry);
    },
    wrote: ({ streams }, { stream }) => void streams.add(stream),
    read: ({ streams }, { stream }) => void streams.add(stream),
    replaced: ({ streams }, { stream }) => void streams.add(stream),
    reloaded({ answers }, { node, kept }) {
      // It may use its keys again.
      if (!kept) for (const [name, answer] of answers) if (answer.node === node) answers.delete(name);
    },
  },
  end: judgeDoubts,
});

function judgeAnswer(memory: Memory, entry: EntryOf<'settled'>, breach: Breach): void {
  const { node, key, outcome, at } = entry;
  const client = clientOf(node);
  if (!memory.clients.has(client)) return;
  const name = `${client} ${key}`;
  const before = memory.answers.get(name);
  if (before !== undefined && before.outcome !== outcome)
    breach(
      `${node} was told that ${keyNamed(key)} is ${outcome}, after ${before.outcome} at ${formatInstant(before.at)}.`,
    );
  const done = memory.done.get(key);
  const isDone = done !== undefined && (done.has('') || done.has(client));
  if (outcome === 'failed' && isDone)
    breach(`${node} was told that ${keyNamed(key)} had failed, and it had taken effect.`);
  memory.answers.set(name, {
    node,
    at,
    outcome,
    unasked: !memory.asked.has(name),
    undone: outcome === 'done' && !isDone,
  });
}

/** What can be said only when it is known who says what: whether effects are told of at all, and requests. */
function judgeDoubts({ asked, answers, done, streams, errors }: Memory, breach: Breach): void {
  for (const [name, { node, at, unasked, undone }] of answers) {
    const key = name.slice(name.indexOf(' ') + 1);
    if (undone && done.size > 0)
      breach(
        `${node} was told at ${formatInstant(at)} that ${keyNamed(key)} is done, and it ${done.has(key) ? 'took effect only later, or for somebody else' : 'never took effect'}.`,
      );
    if (unasked && asked.size > 0)
      breach(`${node} was told at ${formatInstant(at)} how ${keyNamed(key)} ended, which it had not asked for.`);
  }
  for (const { node, error, stream, at } of errors)
    if (stream !== undefined && streams.size > 0 && !streams.has(stream))
      breach(
        `${node} was told ${error} of ${streamNamed(stream)} at ${formatInstant(at)}, and there is no such stream: nobody wrote on it, read it or asked under its name.`,
      );
}
