/** The bench of judges: laws and sometimes-claims, each folding over the entries that it asked for. */

import type { Breach, Law } from '../properties/laws/law.ts';
import type { EntryKind, EntryOf, Facts, FrameTopic } from '../src/history.ts';
import type { ConnId } from '../src/transport.ts';
import { Connections } from './connections.ts';
import type { Kernel } from './kernel.ts';
import type { BreachReport } from './outcome.ts';
import { blamed, blaming, type Culprit } from './run-error.ts';
import type { Claim } from './scenario.ts';
import { shown } from './shown.ts';
import { type Fold, topicOf, type Witness } from './witness.ts';

export interface Judges {
  /** The run is over; `complete` unless a budget ended it. */
  end(complete: boolean): void;
  readonly breaches: readonly BreachReport[];
  readonly reached: readonly string[];
}

/** Seats the judges at a witness. The first breach of each law counts: what follows from it is noise. */
export function seat(
  witness: Witness,
  kernel: Kernel,
  facts: Facts,
  laws: readonly Law[],
  claims: readonly Claim[],
): Judges {
  const breaches: BreachReport[] = [];
  const reached: string[] = [];
  const endings: ((complete: boolean) => void)[] = [];
  const connections = new Connections();
  // Ahead of every law, so that a law that judges a dial can name it.
  if (laws.length > 0)
    witness.fold(
      'dialled',
      (_memory, entry) => connections.note(entry as EntryOf<'dialled'>),
      null,
      () => {},
      { where: 'the names of connections', of: connections },
    );
  const nameOf = (conn: ConnId): string => connections.nameOf(conn);
  for (const law of laws) {
    const culprit = { where: `law \`${law.name}\``, of: law };
    const memory = blaming(culprit.where, law, () => law.remember(facts));
    let broken = false;
    const say = (message: string): void => {
      if (broken) return;
      broken = true;
      breaches.push({ law: law.name, message, at: kernel.now, event: kernel.event });
    };
    const breach: Breach = Object.assign(say, { nameOf });
    attach(witness, law.on as unknown as Readonly<Record<string, Fold>>, memory, breach, culprit);
    if (law.end !== undefined)
      endings.push((complete) =>
        blaming(culprit.where, law, () => law.end?.(memory, breach, { complete, at: kernel.now })),
      );
  }
  for (const claim of claims) {
    let seen = false;
    const reach = (): void => {
      if (seen) return;
      seen = true;
      reached.push(claim.name);
    };
    const culprit = { where: `claim \`${claim.name}\``, of: claim };
    const memory = blaming(culprit.where, claim, () => claim.remember());
    attach(witness, claim.on as unknown as Readonly<Record<string, Fold>>, memory, reach, culprit);
  }
  return {
    breaches,
    reached,
    end(complete) {
      for (const ending of endings) ending(complete);
    },
  };
}

function attach(
  witness: Witness,
  on: Readonly<Record<string, Fold>>,
  memory: unknown,
  say: (message: string) => void,
  culprit: Culprit,
): void {
  for (const topic in on)
    if (topicOf(topic) === undefined)
      // It would see nothing, and be kept by every run.
      throw blamed(
        culprit,
        new Error(`\`on\`: expected kinds of entries of history, or \`sent WELCOME\`, got ${shown(topic)}`),
      );
  for (const topic in on) witness.fold(topic as EntryKind | FrameTopic, on[topic] as Fold, memory, say, culprit);
}
