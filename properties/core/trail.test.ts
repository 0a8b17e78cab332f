/** What led to what: every entry of a recorded run leads back, by earlier entries, to where it began. */
import { describe, expect, test } from 'vitest';
import { run } from '../../sim/core/run.ts';
import { type RecordedEntry, trailTo } from '../../sim/core/trail.ts';
import type { SessionScenario } from '../../sim/session/protocol.ts';
import { scenarioNamed } from '../../sim/session/scenarios/catalogue.ts';
import { at, seconds } from '../../src/time.ts';
import { type Law, law } from '../laws/law.ts';

const NAMES = ['context/basic', 'midstream/text', 'restart/rolling', 'restart/crash'];
const named = (name: string): SessionScenario => scenarioNamed(name) as SessionScenario;

function recorded(name: string, seed: number, more: Parameters<typeof run>[2] = {}): readonly RecordedEntry[] {
  const history: RecordedEntry[] = [];
  run(named(name), seed, { ...more, witness: (entry) => history.push(entry) });
  return history;
}

type Fold = (memory: null, entry: RecordedEntry, breach: (message: string) => void) => unknown;

const about = ({ kind, node }: RecordedEntry): string => `${kind} ${node}`;

describe.each(NAMES)('in %s, with every kind of fault,', (name) => {
  const histories = Array.from({ length: 4 }, (_, i) => recorded(name, i + 1, { faults: 'all' }));

  test('entries are numbered as they come, and a cause comes ahead of what it leads to', () => {
    for (const history of histories)
      for (const [place, { id, cause, at, event }] of history.entries()) {
        const led = history[cause - 1];
        const isEarlier = cause < id && (led === undefined ? cause === 0 : led.at <= at && led.event <= event);
        if (id !== place + 1 || !isEarlier) expect({ id, cause, led }).toBe('in order');
      }
  });

  test('what began with the world is a fault, an application, or a process that starts with it', () => {
    for (const history of histories)
      for (const entry of history) {
        if (entry.cause !== 0) continue;
        const begins = entry.kind === 'fault' ? entry.begins : entry.kind === 'intent' && entry.intent === 'start';
        const own =
          ['timerFired', 'dialled', 'timerSet', 'healed', 'asked'].includes(entry.kind) && entry.node !== 'c1';
        if (!begins && !own) expect(about(entry)).toBe('a beginning');
      }
  });

  test('a message is led to by the very one that was sent, and its answers by its arrival', () => {
    let arrivals = 0;
    for (const history of histories)
      for (const entry of history) {
        if (entry.kind !== 'delivered') continue;
        const sent = history[entry.cause - 1];
        const { conn, payload, node, id, event } = entry;
        if (sent?.kind !== 'sent' || sent.conn !== conn || sent.payload !== payload || sent.node === node)
          expect(sent).toBe(entry);
        arrivals++;
        const next = history[id];
        if (next?.event === event && next.kind === 'received' && next.cause !== id) expect(next).toBe(entry);
      }
    expect(arrivals).toBeGreaterThan(150);
  });
});

test('what breaks a law leads back to a fault or an application', () => {
  const seen = new Set<string>();
  for (const kind of ['received', 'closed', 'hungUp', 'settled', 'told'] as const) {
    const broken = law({
      name: 'broken',
      states: 'nothing of that kind happens to a client',
      remember: () => null,
      on: { [kind]: ((_, { node }, breach) => node === 'c1' && breach(kind)) as Fold },
    } as unknown as Law<null>);
    for (const name of NAMES)
      for (let seed = 1; seed <= 3; seed++) {
        const history: RecordedEntry[] = [];
        const options = {
          faults: 'all',
          laws: [broken],
          witness: (entry: RecordedEntry) => history.push(entry),
        } as const;
        const [breach] = run(named(name), seed, options).breaches;
        if (breach === undefined) continue;
        const entry = history.find((each) => each.event === breach.event && each.kind === kind && each.node === 'c1');
        const [root] = trailTo(entry as RecordedEntry, history);
        seen.add(kind);
        expect(root?.kind === 'fault' || (root?.kind === 'intent' && root.intent === 'start')).toBe(true);
      }
  }
  expect([...seen].sort()).toEqual(['closed', 'hungUp', 'received', 'settled', 'told']);
});

test('what waited for a process that stood still is led to by what sent it or set it, and not by its going on', () => {
  const plan = [{ kind: 'suspend', target: 'c1', at: at(2_000_000), lasts: seconds(2) }] as const;
  const history = recorded('midstream/text', 3, { plan });
  const late = history.filter(
    ({ kind, node, at }) => node === 'c1' && at === 4_000_000 && (kind === 'delivered' || kind === 'timerFired'),
  );
  expect(new Set(late.map(({ kind }) => kind)).size).toBe(2);
  for (const { cause } of late) {
    const led = history[cause - 1] as RecordedEntry;
    expect(['sent lb', 'delivered c1']).toContain(about(led));
    expect(led.at).toBeLessThan(4_000_000);
  }
});

test('a client that hangs up in silence was led to it by what it heard before, and by its timers', () => {
  const plan = [{ kind: 'cut', target: 'c1-lb', at: at(2_000_000), lasts: seconds(20), direction: 'both' }] as const;
  const history = recorded('midstream/text', 3, { plan });
  const hangUp = history.find(({ kind, node, at }) => kind === 'hungUp' && node === 'c1' && at > 2_000_000);
  const trail = trailTo(hangUp as RecordedEntry, history);
  expect(trail.at(-2)).toMatchObject({ kind: 'timerFired', timer: 'liveness' });
  expect(trail.map(about)).toContain('delivered c1');
  expect(about(trail[0] as RecordedEntry)).toBe('intent c1');
  for (const { kind, at } of trail) expect(kind === 'timerFired' || kind === 'hungUp' || at < 2_300_000).toBe(true);
});
