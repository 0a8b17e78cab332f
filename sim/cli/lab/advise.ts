/** `hangup lab advise`: three policies for your storm, their figures, and the code to paste. */
import pc from 'picocolors';
import { parsePolicy } from '../../../src/backoff/parse.ts';
import { PRESETS } from '../../../src/backoff/presets.ts';
import { adviceWords, pastedOf, picksOf, type Role } from '../../lab/experiment/advise.ts';
import type { LabDocument, LabMetric } from '../../lab/experiment/document.ts';
import type { Entrant } from '../../lab/experiment/experiment.ts';
import { fitted, presets } from '../../lab/experiment/field.ts';
import { keeps, searchDocument } from '../../lab/experiment/search-document.ts';
import { FRESH, newSearched, type Search, search } from '../../lab/experiment/tune.ts';
import { meanIn } from '../../lab/experiment/words.ts';
import type { Paste } from '../../lab/paste/paste.ts';
import { pastesOf } from '../../lab/paste/pastes.ts';
import { UsageError } from '../errors.ts';
import { knownWith } from '../known.ts';
import { unknownName } from '../names.ts';
import { VERSION } from '../version.ts';
import {
  type AskedFlags,
  budgetOf,
  CONFIDENCE,
  enoughOf,
  fidelityOf,
  jobsOf,
  labSeed,
  leastChangeOf,
  metricsOf,
} from './asked.ts';
import { comparisonTables } from './compare-table.ts';
import { checkDelivered, type DeliverFlags, deliver, exitOf } from './deliver.ts';
import { entrantsOf } from './entrants.ts';
import { headerOf } from './header.ts';
import { stormLines } from './storm-line.ts';
import { type StormFlags, stormsOf } from './storms.ts';
import { aimOf, constraintOf, SEARCH_SHARE, withUsual } from './tune.ts';
import { Workbench } from './workbench.ts';

export interface AdviseFlags extends AskedFlags, StormFlags, DeliverFlags {
  readonly minimise?: string;
  readonly subjectTo: readonly string[];
  readonly current?: string;
  readonly paste: string;
  readonly config?: string;
  readonly resume?: boolean;
}

/** Clients whose code is printed unless others are asked for. */
const FEW: readonly string[] = ['WebSocket', 'socket.io-client'];

export async function labAdvise(flags: AdviseFlags, line: string): Promise<number> {
  checkDelivered(flags);
  checkPaste(flags.paste);
  const roles = new Map<string, Role>();
  const what = await searchOf(flags, line, roles);
  const bench = new Workbench({
    conditions: { seed: what.seed, fidelity: what.fidelity, metrics: what.metrics.map(({ name }) => name) },
    header: headerOf(what, [...what.candidates, ...what.others]),
    ...{ jobs: jobsOf(flags), budgetMs: budgetOf(flags), resume: flags.resume === true, folder: flags.out ?? null },
  });
  let delivered = false;
  try {
    const found = newSearched();
    await bench.work('', () =>
      search(what, bench.rows, found, {
        reached: bench.heard,
        words: bench.words,
        goesOn: () => !bench.isSpent(SEARCH_SHARE),
      }),
    );
    const wordless: Omit<LabDocument, 'words'> = {
      ...searchDocument(what, null, bench.rows, found, bench.stopped),
      advice: {
        minimises: what.objective.metric.name,
        constraints: what.objective.constraints,
        candidates: what.candidates.length,
        picks: found.finalists
          .filter(({ name }) => roles.has(name))
          .map((entrant) => ({
            contender: entrant.name,
            role: roles.get(entrant.name) ?? 'next',
            keepsConstraints: keeps(what, bench.rows, entrant, Number.POSITIVE_INFINITY, FRESH),
          })),
        pasted: found.finalists.find(({ name }) => !roles.has(name))?.name ?? null,
      },
    };
    const document = { ...wordless, words: adviceWords(wordless) };
    bench.pause();
    const tables = [stormLines(document), comparisonTables(document)].join('\n\n');
    const below = [...pastesFor(document, flags.paste), ...slotLine(what)];
    await deliver(document, tables, flags, bench.machine, below);
    delivered = true;
    return exitOf(document);
  } finally {
    bench.end(delivered);
  }
}

async function searchOf(flags: AdviseFlags, line: string, roles: Map<string, Role>): Promise<Search> {
  const storms = stormsOf(flags);
  const { name, better } = aimOf(flags);
  const constraints = flags.subjectTo.map(constraintOf);
  const first = [...new Set([name, ...constraints.map(({ metric }) => metric)])].join(',');
  const metrics = metricsOf(flags.metrics === undefined ? withUsual(first) : `${first},${flags.metrics}`);
  const current = flags.current === undefined ? [] : entrantsOf(flags.current, await knownWith(flags.config));
  if (current.length > 1) throw new UsageError(`--current: expected one policy, got ${current.length}`);
  const candidates = [...presets(), ...fitted(storms)];
  return {
    version: VERSION,
    asks: 'advise',
    command: line,
    ...{ seed: labSeed(flags), fidelity: fidelityOf(flags), storms, metrics, candidates },
    confidence: CONFIDENCE,
    leastChange: leastChangeOf(flags),
    others: current.map((each) => candidates.find(({ name: own }) => own === each.name) ?? each),
    objective: { metric: metrics.find((metric) => metric.name === name) as LabMetric, better, constraints },
    picks(ranked): readonly Entrant[] {
      const picks = picksOf(ranked);
      for (const { entrant, role } of picks) roles.set(entrant.name, role);
      const [best] = picks;
      const pasted = best === undefined ? null : pastedOf(best.entrant, storms);
      return [...picks.map(({ entrant }) => entrant), ...(pasted === null ? [] : [pasted])];
    },
    ...enoughOf(flags, metrics, storms),
    traces: flags.json === true || flags.out !== undefined,
  };
}

/** What no client can do by itself. */
const slotLine = ({ storms, command }: Search): readonly string[] =>
  storms.some(({ storm }) => storm.retryAfter.kind !== 'none')
    ? []
    : [
        `Can your servers tell each refused client when to come back, each another time? Then see: ${command
          .replace('lab advise', 'lab compare --policies server-directed,default')
          .replace(/ --(paste|current|minimise|subject-to) ('[^']*'|\S+)/g, '')} --retry-after slot`,
      ];

/**
 * Code of the best one, for clients that were asked for or for the most common ones. What a client cannot do of a policy
 * with modes is most of it, so there the best of those without is written as well.
 */
function pastesFor(document: LabDocument, asked: string): readonly string[] {
  const { advice, contenders } = document;
  const policies = (advice?.picks ?? []).flatMap(({ contender: name }) => {
    const parsed = parsePolicy(contenders.find((each) => each.name === name)?.policy);
    return parsed.ok ? [{ name, policy: parsed.policy }] : [];
  });
  const [best] = policies;
  if (best === undefined) return [];
  const kept = (advice?.picks ?? [])
    .filter(({ keepsConstraints }) => keepsConstraints)
    .map(({ contender }) => contender);
  const [plain] = policies
    .filter(({ name, policy }) => policy.modes.length === 0 && kept.includes(name))
    .toSorted((a, b) => worthOf(document, a.name) - worthOf(document, b.name));
  const chosen = plain === undefined || plain === best ? [best] : [best, plain];
  const figuresOf = (client: string, name: string): readonly string[] => {
    const pasted = advice?.pasted ?? null;
    if (pasted === null || name !== best.name) return [];
    return [
      pc.yellow(
        FEW.includes(client)
          ? `its figures are those of ${pasted} above, unless wait() is handed what it lacks`
          : 'the figures above are of the whole policy, not of this code: measure the code as a policy of its own',
      ),
    ];
  };
  const isWanted = ({ client }: Paste): boolean => (asked === 'few' ? FEW.includes(client) : isAsked(client, asked));
  const others = pastesOf(best.policy).filter((each) => !isWanted(each));
  return [
    ...chosen.flatMap(({ name, policy }) =>
      pastesOf(policy)
        .filter(isWanted)
        .map(({ client, of, code, lost }) =>
          [
            pc.bold(`${name} for ${client} (${of})`),
            ...lost.map((line) => pc.yellow(`not the same: ${line}`)),
            ...figuresOf(client, name),
            code.trimEnd(),
          ].join('\n'),
        ),
    ),
    ...(others.length === 0
      ? []
      : [`--paste has it for ${others.map(({ client }) => client).join(', ')} as well (or all)`]),
  ];
}

/** What is minimised, over what the servers need in each storm; without a value somewhere, behind all others. */
const worthOf = (document: LabDocument, name: string): number =>
  document.storms.reduce(
    (sum, storm) =>
      sum + (meanIn(document, storm.name, name, document.advice?.minimises ?? '') ?? Number.MAX_VALUE) / storm.bound,
    0,
  );

const isAsked = (client: string, asked: string): boolean =>
  asked === 'all' || asked.split(',').some((each) => isPartOf(each, client));

const isPartOf = (word: string, client: string): boolean => client.toLowerCase().includes(word.trim().toLowerCase());

/** Before minutes are spent; whom hangup writes for does not depend on the policy. */
function checkPaste(asked: string): void {
  if (asked === 'few' || asked === 'all') return;
  const clients = pastesOf(PRESETS.default.policy).map(({ client }) => client);
  for (const word of asked.split(','))
    if (word.trim() === '' || !clients.some((client) => isPartOf(word, client)))
      throw unknownName('--paste: unknown client', word.trim(), clients, `all, or ${clients.join(', ')}`);
}
