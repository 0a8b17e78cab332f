/**
 * The library: run scenarios from your own code and tests; bring machines, a protocol, scenarios, laws, faults, networks and
 * policies of your own. What a page may load of it is `hangup/core` and `hangup/session`; the rest sweeps over processes,
 * and keeps files.
 */

export * from './core/index.ts';
export * from './session/index.ts';

// ---- sweeps over all cores

export type { ExploreDocument, ScenarioDocument } from './explore/document.ts';
export type { FailureFile } from './explore/failure.ts';
export { type KeptFailure, keepFailure, loadFailure } from './explore/kept-run.ts';
export type { Finished, Sweep, SweepOptions } from './explore/sweep.ts';
export { type BadRun, digestOf, type Ended, type Tally } from './explore/tally.ts';
export { documentOf, sweep } from './sweep.ts';

// ---- what a sweep says of itself

export { github } from './report/github.ts';
export { junit } from './report/junit.ts';
export { reportPage } from './report/page.ts';
export { parseTrend, type Trend, trendEntry } from './report/trend-file.ts';
export { type Verdict, verdictOf } from './report/verdict.ts';
