/** What an outside witness says of one run over real sockets: the same questions as the laws ask, in their words. */

export interface Fact {
  readonly at: number;
  readonly who: string;
  readonly fact: string;
  readonly first: string;
  readonly second: string | null;
}

export const judged = (facts: readonly Fact[], clients: readonly string[]): readonly string[] => {
  const lines: string[] = [];
  const streams = new Map<string, string[]>();
  const performed = new Map<string, number>();
  const submitted = new Map<string, string>();
  const settled = new Map<string, string>();
  for (const { who, fact, first, second } of facts) {
    if (fact === 'produced') streams.set(first, [...(streams.get(first) ?? []), second ?? '']);
    else if (fact === 'performed') performed.set(first, (performed.get(first) ?? 0) + 1);
    else if (fact === 'submitted') submitted.set(first, who);
    else if (fact === 'settled') settled.set(first, second ?? '');
    else if (fact === 'uncaught' || fact === 'rejected' || fact === 'threw')
      lines.push(`${who} ${fact}: ${first.split('\n')[0]}`);
  }
  const times = (count: number, what: string): string => `${count} ${what}`;
  if (submitted.size > 0) {
    const doubled = [...performed].filter(([, n]) => n > 1);
    const lost = [...submitted.keys()].filter((key) => !performed.has(key));
    const untold = [...submitted.keys()].filter((key) => !settled.has(key));
    const lied = [...settled].filter(([key, how]) => how === 'done' && !performed.has(key));
    lines.push(
      `submitted ${submitted.size}: ${times(doubled.length, 'performed more than once')}, ${times(lost.length, 'never')}, ` +
        `${times(untold.length, 'never settled')}, ${times(lied.length, 'said to be done and not')}` +
        (doubled.length > 0 ? ` (first: ${doubled[0]![0]} x${doubled[0]![1]})` : ''),
    );
  }
  for (const stream of streams.keys())
    for (const client of clients) {
      const left =
        facts.find(({ who, fact, first }) => who === client && fact === 'called' && first === 'leave')?.at ??
        Number.POSITIVE_INFINITY;
      const pieces = facts
        .filter(({ fact, first, at }) => fact === 'produced' && first === stream && at < left)
        .map(({ second }) => second ?? '');
      // What is shown: pieces one by one, or all of them anew.
      let got: string[] = [];
      for (const { who, fact, first, second } of facts)
        if (who === client && first === stream) {
          if (fact === 'received') got.push(second ?? '');
          else if (fact === 'replaced') got = (second ?? '').split(/(?<=[\n ])/);
        }
      const place = new Map(pieces.map((piece, index) => [piece, index]));
      const seen = new Set<string>();
      let [doubled, order, before] = [0, 0, -1];
      for (const piece of got) {
        if (seen.has(piece)) doubled += 1;
        else {
          const index = place.get(piece) ?? -1;
          if (index < before) order += 1;
          before = Math.max(before, index);
        }
        seen.add(piece);
      }
      const missing = pieces.filter((piece) => !seen.has(piece));
      lines.push(
        `${client} ${stream}: ${got.length} of ${pieces.length}, ${times(doubled, 'doubled')}, ${times(missing.length, 'lost')}, ${times(order, 'out of order')}` +
          (missing.length > 0 ? ` (lost: ${JSON.stringify(missing[0])} to ${JSON.stringify(missing.at(-1))})` : ''),
      );
    }
  const putIn = facts.filter(({ fact, first }) => fact === 'note' && first === 'puts in').map(({ second }) => second!);
  const shows = new Map(
    facts.filter(({ fact, first }) => fact === 'note' && first === 'shows').map(({ who, second }) => [who, second]),
  );
  if (shows.size > 0) {
    const whole = putIn.filter((word) => [...shows.values()].some((text) => !text!.includes(word)));
    lines.push(
      `${new Set(shows.values()).size === 1 ? 'all show the same' : 'NOT all show the same'}, ${whole.length} of ${putIn.length} that were put in are missing somewhere`,
    );
  }
  for (const client of clients) {
    const dials = facts.filter(({ who, fact }) => who === client && fact === 'dial').map(({ at }) => at);
    lines.push(`${client} dialled at ${dials.map((at) => `${(at / 1000).toFixed(1)}s`).join(' ')}`);
    const held = facts.filter(({ who, fact }) => who === client && fact === 'held').at(-1);
    if (held !== undefined && held.first !== '0') lines.push(`${client} holds after it left: ${held.second}`);
  }
  return lines;
};
