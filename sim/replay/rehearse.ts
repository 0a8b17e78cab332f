/**
 * Whether a script for a page does there what it did here: it is run once where there is nothing of Node, and must come to
 * the digest of the run. A module may use what no page has without importing it (`process`), or what differs each time.
 */
import { createContext, runInContext } from 'node:vm';
import type { Outcome } from '../core/outcome.ts';
import type { Answer } from './worker/words.ts';

/** What a worker of a browser has besides the language, and modules may use when they are loaded. */
const WORKER = {
  console,
  performance,
  structuredClone,
  TextDecoder,
  TextEncoder,
  URL,
  setTimeout,
  clearTimeout,
  queueMicrotask,
};

/** A module that does not come back would keep whoever asks for a page waiting. */
const LOADING_MS = 10_000;

/** What is wrong with it, in words; null for nothing. `options` as the page is given them. */
export function flawOnPage(script: string, { scenario, seed, digest, plan }: Outcome, options: unknown): string | null {
  const answers: Answer[] = [];
  interface Page {
    onmessage?: (event: { readonly data: unknown }) => void;
  }
  const page = { ...WORKER, postMessage: (answer: Answer) => void answers.push(answer) } as Page;
  try {
    runInContext(script, createContext(page), { timeout: LOADING_MS });
    page.onmessage?.({ data: { begin: { scenario, seed, options } } });
    page.onmessage?.({ data: { id: 1, name: 'verdict', edit: { plan } } });
  } catch (error) {
    return `its module does not load in a page (${String(error)})`;
  }
  const [said] = answers;
  if (said === undefined) return 'its module does not answer in a page';
  if ('error' in said) return `its run throws in a page (${said.error})`;
  return (said.answer as { readonly digest: string }).digest === digest
    ? null
    : 'its run comes to something else in a page';
}
