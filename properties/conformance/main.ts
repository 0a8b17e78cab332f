/**
 * `npm run conformance -- [--record [--besides]] [--times N] [--realm] [--list] [--show] [NAME…]`: the programs with real sockets, in Chromium and in Node, and
 * in a realm, beside what was recorded; with `--realm` only there. A name may end in `*`. Exit code 1 when a log differs
 * that is not listed. `--show` tells what was said, and what else consoles of realms said; `--record` keeps it in the
 * place of what was known, or with `--besides` as further forms;
 * `--list` writes the list of differences into `docs/real.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { counted } from '../../src/count.ts';
import { startProgram } from '../report/browser.ts';
import { PROGRAMS } from './catalogue.ts';
import { compare, sideBySide, type Verdict } from './compared.ts';
import { type Devtools, startDevtools } from './devtools.ts';
import { differencesOf, NOT_RUN } from './differences.ts';
import { distinct, keep, type Real, realOf, recorded } from './expected.ts';
import { listedAnew, PAGE } from './listed.ts';
import type { Logs, Program } from './program.ts';
import { runReal } from './real.ts';
import { runRealm } from './realm.ts';

/** Several at once: most of a program's time is waiting. */
const AT_ONCE = 3;

const { values: flags, positionals: names } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    times: { type: 'string', default: '1' },
    show: { type: 'boolean', default: false },
    realm: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    besides: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

const chosen = PROGRAMS.filter(
  ({ name }) =>
    names.length === 0 ||
    names.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each)),
);

async function main(): Promise<number> {
  if (flags.list) {
    writeFileSync(PAGE, listedAnew());
    return 0;
  }
  if (chosen.length === 0) {
    console.error(`conformance: expected names of programs, such as ${PROGRAMS[0]!.name}, got ${names.join(' ')}`);
    return 2;
  }
  if (flags.realm) return report(null, null);
  const started = await startProgram(startDevtools);
  const browser = 'value' in started ? started.value : null;
  if ('reason' in started) console.log(`chromium: skipped: ${started.reason}`);
  const runnable = chosen.filter((program) => browser !== null || realOf(program) === 'node');
  try {
    const said = await runAll(runnable, browser, Number(flags.times));
    if (flags.show) show(said);
    if (flags.record) return record(said, browser);
    return report(said, browser);
  } finally {
    await browser?.close();
  }
}

async function runAll(
  programs: readonly Program[],
  browser: Devtools | null,
  times: number,
): Promise<Map<string, Logs[]>> {
  const said = new Map<string, Logs[]>(programs.map(({ name }) => [name, []]));
  // Those that wait for long begin first.
  const queue = Array.from({ length: times }, () =>
    [...programs].sort((a, b) => (b.limit ?? 0) - (a.limit ?? 0)),
  ).flat();
  const work = async (): Promise<void> => {
    for (let program = queue.shift(); program !== undefined; program = queue.shift()) {
      said.get(program.name)!.push(await runReal(program, browser));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return said;
}

function show(said: ReadonlyMap<string, readonly Logs[]>): void {
  for (const [name, all] of said) {
    for (const logs of distinct(all)) {
      console.log(`${name}:`);
      for (const [who, lines] of Object.entries(logs))
        for (const line of lines) console.log(`  ${who.padEnd(6)}  ${line}`);
    }
  }
}

function record(said: ReadonlyMap<string, readonly Logs[]>, browser: Devtools | null): number {
  const all = new Set(PROGRAMS.map(({ name }) => name));
  const { version: ws } = JSON.parse(
    readFileSync(new URL('../../node_modules/ws/package.json', import.meta.url), 'utf8'),
  );
  const node = [`Node ${process.version}`, `ws ${ws}`];
  for (const real of ['chromium', 'node'] as const) {
    const own = new Map([...said].filter(([name]) => realOf(chosen.find((each) => each.name === name)!) === real));
    if (own.size > 0) keep(real, real === 'node' ? node : [browser!.version, ...node], own, all, flags);
    for (const [name, logs] of own)
      if (distinct(logs).length > 1) console.log(`${name}: ${distinct(logs).length} forms in ${logs.length} runs`);
  }
  console.log(`recorded ${counted(said.size, 'program')}`);
  return 0;
}

function report(said: ReadonlyMap<string, readonly Logs[]> | null, browser: Devtools | null): number {
  const kept = { chromium: recorded('chromium').programs, node: recorded('node').programs } satisfies Record<
    Real,
    unknown
  >;
  const columns = { real: new Map<string, number>(), realm: new Map<string, number>() };
  const differing = new Set<string>();
  console.log(`${'program'.padEnd(42)}${'recorded in'.padEnd(13)}${'now'.padEnd(12)}realm`);
  for (const program of chosen) {
    const { name } = program;
    const expected = kept[realOf(program)][name] ?? [];
    const now = said?.get(name)?.map((logs) => compare(logs, expected));
    const real = now?.find(({ kind }) => kind !== 'agrees') ?? now?.[0] ?? null;
    const realm = inRealm(program, expected);
    console.log(`${name.padEnd(42)}${realOf(program).padEnd(13)}${wordOf(real).padEnd(12)}${wordOf(realm)}`);
    for (const [column, verdict] of [
      ['real', real],
      ['realm', realm],
    ] as const) {
      columns[column].set(wordOf(verdict), (columns[column].get(wordOf(verdict)) ?? 0) + 1);
      if (verdict?.kind === 'not recorded') differing.add(name);
      if (verdict?.kind !== 'differs') continue;
      differing.add(name);
      if (verdict.note !== '') console.log(`    ${verdict.note}`);
      const now = column === 'real' ? 'now' : 'realm';
      for (const line of sideBySide(verdict.expected, verdict.got, ['recorded', now])) console.log(line);
    }
  }
  const sum = (counts: ReadonlyMap<string, number>): string =>
    [...counts].map(([word, count]) => `${count} ${word === 'agrees' ? 'agree' : word}`).join(', ');
  console.log(`${counted(chosen.length, 'program')}; recorded in ${versionsOf().join(', ')}`);
  if (said !== null) console.log(`${browser?.version ?? 'no Chromium'}, Node ${process.version}: ${sum(columns.real)}`);
  console.log(`the realm: ${sum(columns.realm)}`);
  if (differing.size > 0) console.log(`${counted(differing.size, 'program')} with a difference that is not listed`);
  return differing.size === 0 ? 0 : 1;
}

const versionsOf = (): readonly string[] => [
  ...new Set([...recorded('chromium').versions, ...recorded('node').versions]),
];

function inRealm(program: Program, expected: readonly Logs[]): Verdict | null {
  if (Object.hasOwn(NOT_RUN, program.name)) return null;
  const overheard: string[] = [];
  const verdict = compare(
    runRealm(program, (line) => overheard.push(line)),
    expected,
    differencesOf(program.name),
  );
  if (flags.show) for (const line of overheard) console.log(`    (${line})`);
  return verdict;
}

const wordOf = (verdict: Verdict | null): string => (verdict === null ? 'not run' : verdict.kind);

process.exitCode = await main();
