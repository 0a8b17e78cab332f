/**
 * A sweep behind a dashboard: it hears of each portion, and lets pages know. Tables cost a tenth of a second a scenario, and
 * the sweep has the same processor, so they are made only for whoever looks, and seldom.
 */
import { documentOf, type ExploreDocument, type Request } from '../explore/document.ts';
import { type Problem, problemsOf } from '../explore/problems.ts';
import type { Progress, Sweep } from '../explore/sweep.ts';
import { type Live, liveOf, type Red, redsOf } from './live.ts';
import { livePage } from './page.ts';
import { type Dashboard, serve } from './server.ts';

/** What a dashboard is told of the sweep that it shows. */
export interface Shown {
  readonly url: string;
  progress(progress: Progress, soFar: () => Sweep): void;
  /** The sweep is over: from now on its own document is shown. */
  over(document: ExploreDocument, swept: Sweep): void;
  /** The server ends. */
  end(): void;
}

/** What a dashboard asks for. */
export interface Asked extends Request {
  /** Runs in all. */
  readonly total: number;
  /** Laws, bounds and claims as the sweep will be judged. */
  judged(swept: Sweep): Sweep;
  /** The replay page of a failing run. */
  replay(red: Red): Promise<string>;
}

/** Bars move so often, in milliseconds; tables are newer at most as often, and take a tenth of the time at most. */
const BAR_MS = 250;
const TABLES_MS = 2_000;
const SHARE = 10;

/** Starts a dashboard on a port of 127.0.0.1. Throws `OutputError` for one that cannot be had. */
export async function dashboard(port: number, asked: Asked): Promise<Shown> {
  const started = performance.now();
  let sweep: () => Sweep = () => ({ tallies: [], stopped: 'running', wallMs: 0 });
  let live: Live = {
    ...{ state: 'running', done: 0, total: asked.total, words: 'no run has ended yet', now: '' },
    ...{ reds: [], more: 0, edition: 0 },
  };
  let document: ExploreDocument = await documentSoFar(sweep(), asked);
  let final = false;
  let told = 0;
  let tables = Number.NEGATIVE_INFINITY;
  let cost = 0;
  const isOld = (): boolean => !final && performance.now() - tables > Math.max(TABLES_MS, SHARE * cost);
  const renew = async (): Promise<void> => {
    const begun = performance.now();
    tables = begun;
    const next = await documentSoFar(asked.judged(sweep()), asked);
    // The sweep may have come to its end meanwhile.
    if (!final) document = next;
    tables = performance.now();
    cost = tables - begun;
  };
  const shows = {
    live: () => toldOf(live),
    async page() {
      if (isOld()) await renew();
      return livePage(document, live);
    },
    async replay(run: string) {
      const red = redsOf(sweep()).reds.find((each) => each.run === run);
      return red === undefined ? null : asked.replay(red);
    },
  };
  const server: Dashboard = await serve(port, shows);

  return {
    url: server.url,
    progress(progress, soFar) {
      sweep = soFar;
      const now = performance.now();
      if (now - told < BAR_MS) return;
      told = now;
      // Whoever has the page open asks for the newer one, and with that has it made.
      live = liveOf(progress, soFar(), now - started, live.edition + (server.isWatched() && isOld() ? 1 : 0));
      server.tell();
    },
    over(last, swept) {
      final = true;
      sweep = () => swept;
      document = last;
      const runs = swept.tallies.reduce((sum, { tally }) => sum + tally.runs, 0);
      live = { ...live, state: 'ended', done: runs, now: '', ...redsOf(swept), edition: live.edition + 1 };
      server.tell();
    },
    end: server.end,
  };
}

/** What a page is told: plans stay here. */
const toldOf = (live: Live): Live => ({
  ...live,
  reds: live.reds.map(({ run, laws, message }) => ({ run, laws, message })),
});

/** Nothing is confirmed yet: that is done when the sweep is over. */
async function documentSoFar(swept: Sweep, asked: Asked): Promise<ExploreDocument> {
  const problems: readonly Problem[] = await problemsOf(swept, async () => null, asked.origin);
  return documentOf(swept, problems, asked);
}
