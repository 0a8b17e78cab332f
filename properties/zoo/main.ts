/** `npm run zoo`: how many planted bugs each way of looking finds, and how soon; `--short` says whether that got worse. */
import type { Bug } from './bug.ts';
import { BUGS } from './bugs/all.ts';
import { Crew } from './crew.ts';
import { type Found, type Strategy, scenariosOf } from './find.ts';
import { type Kept, keep, readKept, retry } from './kept.ts';
import { type Options, optionsOf, USAGE } from './options.ts';
import { isFound, neverActed, type Row, tableOf } from './table.ts';

/** Searches that begin elsewhere begin so far apart. */
const APART = 1_000_000;
/** A bug that has moved is looked for in so many seeds of the scenario that showed it. */
const PATIENCE = 400;

const options = read(process.argv.slice(2));
const bugs = BUGS.filter(({ name, role }) => options.pattern.test(`${role}:${name}`));
if (bugs.length === 0) fail(`no bug is called ${options.pattern.source}; --list shows them`);
if (options.what === 'list') list(bugs);
else process.exitCode = options.what === 'short' ? await short(bugs, options) : await all(bugs, options);

function list(bugs: readonly Bug[]): void {
  for (const { name, role, does, threads } of bugs) console.log(`${role}:${name}\n  ${does}\n  ${threads.join(', ')}`);
}

async function all(
  bugs: readonly Bug[],
  { strategies, seeds: tries, bases, jobs, keep: keeps }: Options,
): Promise<number> {
  const crew = new Crew(jobs);
  const rows: readonly Row[] = await Promise.all(
    bugs.map(async (bug) => {
      const searches: Partial<Record<Strategy, readonly Found[]>> = {};
      for (const strategy of strategies.filter((each) => scenariosOf(each).length > 0)) {
        const first = await crew.search({ bug: bug.name, strategy, from: 1, tries });
        // What a whole search does not show, others would not show sooner.
        const others = first.finding === null ? 0 : bases - 1;
        const rest = Array.from({ length: others }, (_, i) =>
          crew.search({ bug: bug.name, strategy, from: 1 + (i + 1) * APART, tries }),
        );
        searches[strategy] = [first, ...(await Promise.all(rest))];
        tell(bug, strategy, searches[strategy]);
      }
      return { bug, searches };
    }),
  );
  crew.end();
  console.log(tableOf(rows, strategies));
  summarise(rows, strategies);
  if (keeps) keep(rows, readKept());
  const never = neverActed(rows);
  for (const line of never) console.log(line);
  return never.length > 0 ? 1 : 0;
}

function summarise(rows: readonly Row[], strategies: readonly Strategy[]): void {
  for (const strategy of strategies) {
    const found = rows.filter(({ searches }) => isFound(searches[strategy])).length;
    console.log(`${strategy}: found ${found} of ${rows.length}`);
  }
  const any = rows.filter(({ searches }) => strategies.some((strategy) => isFound(searches[strategy]))).length;
  console.log(`together: found ${any} of ${rows.length}`);
}

function tell({ name }: Bug, strategy: Strategy, searches: readonly Found[] | undefined): void {
  const [first] = searches ?? [];
  const where =
    first?.finding === null || first === undefined
      ? 'not found'
      : `${first.finding.scenario} ${first.finding.seed}: ${first.finding.law}: ${first.finding.message}`;
  console.error(`${name}, ${strategy}: ${first?.runs} runs, acted in ${first?.acted}: ${where}`);
}

/** What was found before is found again: at once where it was, or in so many seeds of that scenario. */
async function short(bugs: readonly Bug[], { jobs }: Options): Promise<number> {
  const kept = readKept();
  const crew = new Crew(jobs);
  const results = await Promise.all(
    bugs.map(async (bug) => {
      const known: Kept | undefined = kept[bug.name];
      if (known === undefined) return 'new' as const;
      if (retry(bug, known) !== null) return 'there' as const;
      const { strategy, scenario: only, seed, law } = known;
      const { finding } = await crew.search({ bug: bug.name, strategy, from: 1, tries: PATIENCE, only });
      if (finding === null)
        console.log(`${bug.name}: found before in ${only} ${seed} by ${law}, and not in ${PATIENCE} seeds of it now`);
      return finding === null ? ('lost' as const) : ('moved' as const);
    }),
  );
  crew.end();
  const count = (result: (typeof results)[number]): number => results.filter((each) => each === result).length;
  console.log(
    `zoo: ${count('there')} found where they were, ${count('moved')} elsewhere, ${count('lost')} not any more; ${count('new')} were never found`,
  );
  return count('lost') > 0 ? 1 : 0;
}

function read(args: readonly string[]): Options {
  try {
    return optionsOf(args);
  } catch (error) {
    return fail((error as Error).message);
  }
}

function fail(message: string): never {
  console.error(`zoo: ${message}\n${USAGE}`);
  process.exit(2);
}
