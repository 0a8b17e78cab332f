/** Documents to draw: the fixtures, and what is made of them to be hard to draw. */
import { readFileSync } from 'node:fs';
import type { LabDocument } from '../../../sim/lab/experiment/document.ts';

export const fixture = (name: 'compare' | 'tune'): LabDocument =>
  JSON.parse(readFileSync(new URL(`../../fixtures/lab/${name}.json`, import.meta.url), 'utf8')) as LabDocument;

/** The same with other names: `rename` is given each contender's. */
export function renamed(document: LabDocument, rename: (name: string) => string): LabDocument {
  const of = <Each extends { readonly contender: string }>(each: Each): Each => ({
    ...each,
    contender: rename(each.contender),
  });
  return {
    ...document,
    contenders: document.contenders.map((each) => ({ ...each, name: rename(each.name), family: rename(each.family) })),
    rows: document.rows.map(of),
    estimates: document.estimates.map(of),
    differences: document.differences.map((each) => ({ ...of(each), reference: rename(each.reference) })),
    traces: document.traces.map(of),
    frontier: document.frontier && { ...document.frontier, points: document.frontier.points.map(of) },
    tuning: document.tuning && {
      ...document.tuning,
      family: rename(document.tuning.family),
      candidates: document.tuning.candidates.map(of),
      winner: document.tuning.winner === null ? null : rename(document.tuning.winner),
    },
  };
}

/** So many contenders, each a copy of one of the document. */
export function crowded(document: LabDocument, count: number): LabDocument {
  const names = Array.from({ length: count }, (_, nth) => {
    const { name } = document.contenders[nth % document.contenders.length] as LabDocument['contenders'][number];
    return [name, nth < document.contenders.length ? name : `${name} once more, number ${nth}`] as const;
  });
  const copies = <Each extends { readonly contender: string }>(all: readonly Each[]): readonly Each[] =>
    names.flatMap(([name, copy]) =>
      all.filter((each) => each.contender === name).map((each) => ({ ...each, contender: copy })),
    );
  return {
    ...document,
    contenders: names.flatMap(([name, copy]) =>
      document.contenders.filter((each) => each.name === name).map((each) => ({ ...each, name: copy })),
    ),
    rows: copies(document.rows),
    estimates: copies(document.estimates),
    differences: copies(document.differences),
    traces: copies(document.traces),
  };
}

/** A search over so many values of two knobs that no number fits into its cell; at its edge nobody came back. */
export function wide(document: LabDocument, design: 'grid' | 'random'): LabDocument {
  const bases = Array.from({ length: 16 }, (_, nth) => `${100 + 661 * nth}ms`);
  const caps = Array.from({ length: 12 }, (_, nth) => `${5 + 10 * nth}s`);
  const candidates = bases.flatMap((base, i) =>
    caps.map((cap, j) => ({
      parameters: { base, cap },
      contender: `full-jitter,base=${base},cap=${cap}`,
      leftAfter: 0,
      objective: j === 11 && i > 12 ? null : 20 + 3 * j * j + i,
      keepsConstraints: j > 2,
    })),
  );
  return {
    ...document,
    frontier: null,
    contenders: [
      ...document.contenders.filter(({ phase }) => phase === 'estimate'),
      ...candidates.map(({ contender, parameters }) => ({
        name: contender,
        family: 'full-jitter',
        parameters,
        policy: null,
        phase: 'search' as const,
      })),
    ],
    tuning: document.tuning && {
      ...document.tuning,
      design,
      varied: [
        { knob: 'base', spacing: 'log', values: bases },
        { knob: 'cap', spacing: 'linear', values: caps },
      ],
      candidates,
      winner: 'full-jitter,base=100ms,cap=35s',
    },
  };
}

/** Nobody ever came back: no replication has a time, and no curve falls. */
export const lost = (document: LabDocument): LabDocument => ({
  ...document,
  rows: document.rows.map((row) => ({ ...row, values: row.values.map(() => null) })),
  estimates: document.estimates.map((each) => ({
    ...each,
    replications: 0,
    missing: 8,
    mean: null,
    interval: null,
    deviation: null,
    least: null,
    most: null,
  })),
  differences: document.differences.map((each) => ({
    ...each,
    pairs: 0,
    mean: null,
    interval: null,
    bootstrap: null,
    correlation: null,
    p: null,
    holm: null,
    verdict: 'not known',
  })),
  traces: document.traces.map((trace) => ({ ...trace, waiting: { seconds: [0], share: [1] } })),
});

/** One replication: means without intervals. */
export const once = (document: LabDocument): LabDocument => ({
  ...document,
  rows: document.rows.filter(({ replication }) => replication === 0),
  estimates: document.estimates.map((each) => ({
    ...each,
    replications: each.mean === null ? 0 : 1,
    missing: each.mean === null ? 1 : 0,
    interval: null,
    deviation: null,
  })),
  differences: document.differences.map((each) => ({
    ...each,
    pairs: 1,
    interval: null,
    bootstrap: null,
    correlation: null,
    p: null,
    holm: null,
    verdict: 'not known',
  })),
});

/** Stopped before anything was done. */
export const empty = (document: LabDocument): LabDocument => ({
  ...document,
  stopped: 'interrupted',
  rows: [],
  estimates: [],
  differences: [],
  traces: [],
  frontier: null,
  tuning: null,
  words: [],
});

/** What somebody may name a policy: markup, quotes, text that runs backwards, a line's end, a lot of it. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `'); DROP TABLE policies;-- \${7*7} {{7*7}} %s`,
  'a\u202egpj.exe\u0000\u0007',
  `./${'very/'.repeat(40)}long.json`,
  '</svg></style></title><b>bold',
  'datum.value); alert(1); //',
  '日本語の方針 🙂 עברית',
] as const;

export const hostile = (document: LabDocument): LabDocument => {
  const names = document.contenders.map(({ name }) => name);
  return renamed(document, (name) => {
    const nth = names.indexOf(name);
    return nth < 0 ? name : `${HOSTILE[nth % HOSTILE.length]}${nth < HOSTILE.length ? '' : ` ${nth}`}`;
  });
};
