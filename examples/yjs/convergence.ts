/** What Yjs is for, as a law: all who edit a document come to show the same, and nothing that somebody put in is lost. */
import { law } from 'hangup';

interface Memory {
  /** Who edits, and what each showed last. */
  readonly shown: Map<string, readonly string[]>;
  /** What each has put in since its page was loaded. */
  readonly mine: Map<string, Set<string>>;
}

export const convergence = law<Memory>({
  name: 'convergence',
  states: 'when everything had time to arrive, all documents are equal, and hold whatever was put into them',
  needs: { entries: ['noted'] },
  remember: ({ clients }) => ({
    shown: new Map(clients.map(({ node }) => [node, []])),
    mine: new Map(clients.map(({ node }) => [node, new Set()])),
  }),
  on: {
    noted({ shown, mine }, { node, text, data }) {
      // A second tab is closed again before anybody looks.
      if (!shown.has(node)) return;
      if (text === 'shows') shown.set(node, data as readonly string[]);
      if (text === 'puts in') mine.get(node)?.add(data as string);
    },
    // A document lives in its page: what had not left it yet is gone with it, as is anything that it showed.
    reloaded({ shown, mine }, { node }) {
      shown.set(node, []);
      mine.set(node, new Set());
    },
    // They stay until everything had time to arrive, and leave one after the other.
    intent({ shown, mine }, { node, intent }, breach) {
      if (intent !== 'leave' || !shown.has(node)) return;
      const document = shown.get(node) ?? [];
      for (const [other, theirs] of shown) {
        const at = longer(document, theirs).findIndex((_, i) => document[i] !== theirs[i]);
        if (at >= 0)
          return breach(
            `${node} and ${other} show different documents: word ${at + 1} of ${document.length} and ${theirs.length} is ${named(document[at])} and ${named(theirs[at])}.`,
          );
      }
      const lost = [...(mine.get(node) ?? [])].find((word) => !document.includes(word));
      if (lost !== undefined) breach(`${node} put in ${lost}, and nobody has it any more.`);
    },
  },
});

const longer = <T>(one: readonly T[], other: readonly T[]): readonly T[] => (one.length > other.length ? one : other);

const named = (word: string | undefined): string => word ?? 'none';
