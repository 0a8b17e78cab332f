/**
 * The worker of a replay page: the core beside the page, so that a run of seconds never holds it up. It is told a subject
 * first and answers questions then, in order.
 */

import type { RunOptions } from '../../core/run.ts';
import type { Scenario } from '../../core/scenario.ts';
import { sourceOf } from '../../explore/exports.ts';
import { textsOf } from '../model/rows.ts';
import { unpacked } from '../plain.ts';
import { addableOf, drawnFault } from './add.ts';
import { detailOf } from './detail.ts';
import { Runs } from './runs.ts';
import type { Answer, Question, QuestionName, Questions } from './words.ts';

/** What a worker has of its page. */
interface Page {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: Answer): void;
}

interface Begin {
  readonly scenario: string;
  readonly seed: string;
  readonly options: unknown;
}

/** Serves scenarios of a module: `module` is all that it exports. */
export function serve(module: Readonly<Record<string, unknown>>): void {
  const page = globalThis as unknown as Page;
  let runs: Runs | null = null;
  page.onmessage = ({ data }) => {
    const said = data as Question | { readonly begin: Begin };
    if ('begin' in said) {
      const { scenario, seed, options } = said.begin;
      const found = scenariosIn(module).find(({ name }) => name === scenario);
      runs = found === undefined ? null : new Runs(found, seed, unpacked(options) as RunOptions);
      return;
    }
    try {
      if (runs === null) throw new Error('this page holds no such scenario');
      page.postMessage({ id: said.id, answer: answerOf(runs, said) });
    } catch (error) {
      page.postMessage({ id: said.id, error: messageOf(error), at: stackOf(error) });
    }
  };
}

function answerOf(runs: Runs, said: Question): Questions[QuestionName]['answer'] {
  switch (said.name) {
    case 'run':
      return runs.model(said.edit);
    case 'texts':
      return textsOf(runs.history(said.edit), runs.scenario.protocol);
    case 'story':
      return runs.story(said.edit);
    case 'verdict':
      return runs.verdict(said.edit);
    case 'detail':
      return detailOf(runs, said.edit, said.row);
    case 'addable':
      return addableOf(runs, said.edit);
    case 'draw':
      return drawnFault(runs, said.edit, said.kind, said.target, said.at);
  }
}

const messageOf = (error: unknown): string => {
  const cause = (error as Error).cause;
  return `${(error as Error).message ?? String(error)}${cause instanceof Error ? ` (${cause.message})` : ''}`;
};
const stackOf = (error: unknown): string | null =>
  ((error as Error).cause as Error | undefined)?.stack ?? (error as Error).stack ?? null;

const scenariosIn = (module: Readonly<Record<string, unknown>>): readonly Scenario[] =>
  sourceOf({ url: '', ours: false }, module).scenarios;
