/** The tables of `--coverage`: what happened in which phase, in which phases faults began, and what was never met. */
import pc from 'picocolors';
import { NEUTRAL_PHASES, phasesOf } from '../core/phases.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Sweep } from '../explore/sweep.ts';
import { claimsOf, type Tally } from '../explore/tally.ts';
import { faultsOf } from '../faults/catalogue.ts';
import { counted } from '../report/words.ts';
import type { Coverage } from '../search/coverage.ts';
import { emptyCoverage, mergeCoverage } from '../search/coverage.ts';
import { hanging } from './columns.ts';
import { streams } from './streams.ts';

/** Of all scenarios of one protocol together: what none of them meets is a hole. */
export function coverageTables({ tallies }: Sweep): readonly string[] {
  const protocols = new Map<Scenario['protocol'], { readonly scenarios: Scenario[]; readonly tallies: Tally[] }>();
  for (const { scenario, tally } of tallies) {
    const group = protocols.get(scenario.protocol) ?? { scenarios: [], tallies: [] };
    protocols.set(scenario.protocol, group);
    group.scenarios.push(scenario);
    group.tallies.push(tally);
  }
  return [...protocols.values()].flatMap((group) => tablesOf(group.scenarios, group.tallies));
}

function tablesOf(scenarios: readonly Scenario[], tallies: readonly Tally[]): readonly string[] {
  const coverage = emptyCoverage();
  for (const tally of tallies) if (tally.coverage !== undefined) mergeCoverage(coverage, tally.coverage);
  const [first] = scenarios as readonly [Scenario];
  const kinds = first.protocol?.phases ?? NEUTRAL_PHASES;
  const roles = Object.keys(kinds.of);
  const lines: string[] = [`coverage of ${counted(coverage.runs, 'run')}`];
  for (const role of roles) lines.push('', ...eventsOf(role, phasesOf(kinds, role), coverage));
  lines.push(
    '',
    ...faultTable(
      roles.map((role) => [role, phasesOf(kinds, role)] as const),
      coverage,
    ),
  );
  lines.push('', ...holesOf(scenarios, tallies, coverage));
  return [...lines, ''];
}

/** What happened to parties of a role, a row an event, a column a phase. */
function eventsOf(role: string, phases: readonly string[], { events }: Coverage): readonly string[] {
  const names = new Set<string>();
  for (const phase of phases) for (const name of Object.keys(events[`${role} ${phase}`] ?? {})) names.add(name);
  const rows = [...names].sort().map((name) => ({
    name,
    counts: phases.map((phase) => events[`${role} ${phase}`]?.[name] ?? 0),
  }));
  return matrix(`${role}: what happened, in which phase`, phases, rows);
}

/** In which phases faults began, a row a kind. */
function faultTable(
  parts: readonly (readonly [role: string, phases: readonly string[]])[],
  { faults }: Coverage,
): readonly string[] {
  // Of others than clients only phases besides the first one are noted: they are mostly in that.
  const columns = parts.flatMap(([role, phases]) =>
    (role === 'client' ? phases : phases.slice(1)).map((phase) => ({ role, phase })),
  );
  const rows = Object.keys(faults)
    .sort()
    .map((name) => ({ name, counts: columns.map(({ role, phase }) => faults[name]?.[`${role} ${phase}`] ?? 0) }));
  const heads = columns.map(({ role, phase }) => (role === 'client' ? phase : `${role} ${phase}`));
  return matrix('faults: in which phase of a client, a busy server or store they began', heads, rows);
}

const CELL = 6;
const LABEL = 24;

/** Counts as a table that fits 100 columns; what was never met is a dot. */
function matrix(
  title: string,
  heads: readonly string[],
  rows: readonly { readonly name: string; readonly counts: readonly number[] }[],
): readonly string[] {
  const label = Math.min(LABEL, Math.max(8, ...rows.map(({ name }) => name.length)));
  const parts = heads.map((head) => broken(head));
  const depth = Math.max(0, ...parts.map(({ length }) => length));
  const lines = [pc.bold(title)];
  for (let i = 0; i < depth; i++)
    lines.push(
      `${' '.repeat(label)}${parts.map((part) => (part[part.length - depth + i] ?? '').padStart(CELL)).join('')}`.trimEnd(),
    );
  for (const { name, counts } of rows)
    lines.push(`${name.slice(0, label).padEnd(label)}${counts.map((count) => cell(count)).join('')}`);
  return lines;
}

const cell = (count: number): string => (count === 0 ? pc.dim('·'.padStart(CELL)) : short(count).padStart(CELL));

/** A count in five characters: 999, 12.3k, 4.1M. */
export function short(count: number): string {
  if (count < 10_000) return String(count);
  const [unit, by] = count < 999_500 ? ['k', 1_000] : count < 999_500_000 ? ['M', 1_000_000] : ['G', 1_000_000_000];
  const scaled = count / (by as number);
  return `${scaled < 99.95 ? scaled.toFixed(1) : Math.round(scaled)}${unit}`;
}

/** A heading in lines of five characters: words apart, and long ones in pieces. */
function broken(head: string): readonly string[] {
  return head.split(/[ -]/).flatMap((word) => {
    const pieces: string[] = [];
    let rest = word;
    for (; rest.length >= CELL; rest = rest.slice(CELL - 2)) pieces.push(`${rest.slice(0, CELL - 2)}-`);
    return [...pieces, rest];
  });
}

/** What never happened, in words: that is what the tables are for. */
function holesOf(scenarios: readonly Scenario[], tallies: readonly Tally[], coverage: Coverage): readonly string[] {
  const [first] = scenarios as readonly [Scenario];
  const kinds = first.protocol?.phases ?? NEUTRAL_PHASES;
  const phases = Object.entries(kinds.of).flatMap(([role, all]) =>
    all.filter((phase) => !isMet(`${role} ${phase}`, phase, role, coverage)).map((phase) => `${role} ${phase}`),
  );
  const heard = new Set(
    Object.values(coverage.events).flatMap((row) => Object.keys(row).filter((name) => name.startsWith('delivered '))),
  );
  const frames = (first.protocol?.vocabulary?.frames ?? []).filter((type) => !heard.has(`delivered ${type}`));
  const begun = new Set(Object.keys(coverage.faults));
  const faults = [...new Set(scenarios.flatMap((scenario) => [...faultsOf(scenario).keys()]))].filter(
    (name) => !begun.has(name),
  );
  const reached = new Set(tallies.flatMap(({ reached }) => Object.keys(reached)));
  const claims = [
    ...new Set(scenarios.flatMap((scenario, i) => claimsOf(scenario, tallies[i] as Tally).map(({ name }) => name))),
  ].filter((name) => !reached.has(name));
  const ways = Object.entries(coverage.turns).map(
    ([role, turns]) => `${counted(Object.keys(turns).length, 'way')} of a ${role} through three phases`,
  );
  return [
    listed('phases that nobody entered', phases),
    listed('messages that never arrived', frames),
    listed('kinds of faults that never began', faults),
    listed('claims that never came true', claims),
    `met: ${[...ways, `${counted(Object.keys(coverage.together).length, 'state')} of clients, servers and store together`].join(', ')}`,
  ];
}

/** Whether anything was noted of a phase: an event in it, or a way through it. */
function isMet(key: string, phase: string, role: string, { events, turns }: Coverage): boolean {
  if (events[key] !== undefined) return true;
  return Object.keys(turns[role] ?? {}).some((way) => way.split(' > ').includes(phase));
}

const listed = (what: string, names: readonly string[]): string =>
  `${what}: ${names.length === 0 ? pc.green('none') : hanging(`${pc.yellow(names.join(', '))}`, what.length + 2, streams().stdout)}`;
