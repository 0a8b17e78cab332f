/** The bench of judges: laws and sometimes-claims, each folding over the entries that it asked for. */
import type { Breach, Law } from '../../properties/laws/law.ts';
import type { Facts } from '../../src/facts.ts';
import type { EntryOf } from '../../src/history.ts';
import { type Instant, NEVER, START } from '../../src/time.ts';
import type { ConnId } from '../../src/transport.ts';
import { attach } from './attach.ts';
import { Connections } from './connections.ts';
import type { Kernel } from './kernel.ts';
import type { BreachReport, Counts, NotJudged } from './outcome.ts';
import { blaming, type Culprit } from './run-error.ts';
import type { Claim } from './scenario.ts';
import { shown } from './shown.ts';
import { flawOf, unseenBy } from './vantage.ts';
import type { Fold, Topic, Witness } from './witness.ts';

export interface Judges {
  /** The run is over; `complete` unless a budget ended it. */
  end(complete: boolean): void;
  /** Laws that want to look now do so; returns when the next one does. */
  look(now: Instant): Instant;
  /** What laws counted, by law and name; complete when the run is over. */
  readonly counts: Counts;
  readonly breaches: readonly BreachReport[];
  readonly reached: readonly string[];
  /** Laws that said nothing of this run, and why; complete when the run is over. */
  readonly notJudged: readonly NotJudged[];
  /** What laws remember that are not broken, and claims that have not come true; and when laws look next. */
  memories(): readonly unknown[];
}

/** Seats the judges at a witness. The first breach of each law counts, and `broken` hears of it: what follows from it is noise. */
export function seat(
  witness: Witness,
  kernel: Kernel,
  facts: Facts,
  laws: readonly Law[],
  claims: readonly Claim[],
  broken?: (breach: BreachReport) => void,
): Judges {
  const breaches: BreachReport[] = [];
  const reached: string[] = [];
  const notJudged: NotJudged[] = [];
  const endings: ((complete: boolean) => void)[] = [];
  const remembered: { readonly of: () => unknown; readonly isOver: () => boolean }[] = [];
  const looks: Look[] = [];
  const counts: Record<string, Readonly<Record<string, number>>> = {};
  const connections = new Connections();
  // Ahead of every law, so that a law that judges a dial can name it.
  if (laws.length > 0) witness.fold(DIALLED, { fold: noteDial, memory: connections, say: NOBODY, culprit: NAMES });
  const nameOf = (conn: ConnId): string => connections.nameOf(conn);
  for (const law of laws) {
    const culprit = { where: `law \`${law.name}\``, of: law };
    const flaw = flawOf(law, facts);
    if (flaw !== null) {
      notJudged.push({ law: law.name, because: flaw, happens: false });
      continue;
    }
    const memory = blaming(culprit.where, law, () => law.remember(facts));
    const { look } = law;
    let isBroken = false;
    const breach: Breach = (message: string): void => {
      if (isBroken) return;
      isBroken = true;
      const report = { law: law.name, message, at: kernel.now, event: kernel.event };
      breaches.push(report);
      broken?.(report);
    };
    breach.nameOf = nameOf;
    remembered.push({ of: () => law.matters?.(memory) ?? memory, isOver: () => isBroken });
    attach(witness, law.on, memory, breach, culprit);
    if (look !== undefined)
      looks.push({
        at: START,
        call: (now) => blaming(culprit.where, law, () => laterThan(now, look.call(law, memory, breach, now))),
        isOver: () => isBroken && law.endsRun === true,
      });
    if (law.counts !== undefined)
      endings.push(() => {
        const counted = blaming(culprit.where, law, () => law.counts?.(memory) ?? {});
        if (Object.keys(counted).length > 0) counts[law.name] = counted;
      });
    if (law.end !== undefined)
      endings.push((complete) =>
        blaming(culprit.where, law, () => law.end?.(memory, breach, { complete, at: kernel.now })),
      );
    const { entries = [], anyOf = [], promises } = law.needs ?? {};
    for (const kind of [...entries, ...anyOf]) witness.watch(kind);
    if (entries.length + anyOf.length === 0) continue;
    endings.push(() => {
      const unseen = isBroken ? null : unseenBy({ entries, anyOf, promises }, facts, witness);
      if (unseen !== null) notJudged.push({ law: law.name, ...unseen });
    });
  }
  for (const claim of claims) {
    let seen = false;
    const reach = (): void => {
      if (seen) return;
      seen = true;
      reached.push(claim.name);
      for (const { topic } of handlers) witness.leave(topic, reach);
    };
    const culprit = { where: `claim \`${claim.name}\``, of: claim };
    const memory = blaming(culprit.where, claim, () => claim.remember(facts));
    const handlers = attach(witness, claim.on, memory, reach, culprit);
    remembered.push({ of: () => memory, isOver: () => seen });
  }
  return {
    breaches,
    reached,
    notJudged,
    counts,
    memories: () => [...remembered.map(({ of, isOver }) => (isOver() ? null : of())), ...looks.map(({ at }) => at)],
    look(now) {
      let next = NEVER;
      for (const each of looks) {
        if (each.at <= now) {
          each.at = each.call(now);
          if (each.isOver()) kernel.isDecided = true;
        }
        if (each.at < next) next = each.at;
      }
      return next;
    },
    end(complete) {
      for (const ending of endings) ending(complete);
      if (notJudged.length < 2) return;
      const order = laws.map(({ name }) => name);
      notJudged.sort((a, b) => order.indexOf(a.law) - order.indexOf(b.law));
    },
  };
}

/** A law that looks: when it does so next. */
interface Look {
  at: Instant;
  readonly call: (now: Instant) => Instant;
  /** Whether the run need not go on. */
  readonly isOver: () => boolean;
}

/** A law that would look for ever at one instant is a mistake of its author. */
function laterThan(now: Instant, next: Instant): Instant {
  if (next > now) return next;
  throw new Error(`\`look\`: expected an instant later than ${now}, got ${shown(next)}`);
}

const DIALLED: Topic = { kind: 'dialled', type: undefined };
const NAMES: Culprit = { where: 'the names of connections', of: Connections };
const noteDial: Fold = (connections, entry) => (connections as Connections).note(entry as EntryOf<'dialled'>);
const NOBODY = (): void => {};
