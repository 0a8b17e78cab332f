/** `explore --serve`: the sweep as a page on this machine, while it runs and until Ctrl-C. */
import { type Asked, dashboard, type Shown } from '../serve/dashboard.ts';
import { UsageError } from './errors.ts';
import type { Interrupt } from './interrupt.ts';
import { tell } from './terminal.ts';

/** Where it is shown unless another port is given; 0 takes any. */
const USUAL = 4700;

/** Starts the dashboard of a sweep; null without the flag. Throws `UsageError` and `OutputError`. */
export async function servedAs(given: string | true | undefined, asked: Asked): Promise<Shown | null> {
  if (given === undefined) return null;
  const port = given === true ? USUAL : Number(given);
  if (given === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--serve: expected a port from 0 (any) to 65535, got ${JSON.stringify(given)}`);
  return dashboard(port, asked);
}

/** The page stays for whoever comes back to it; the first signal ends that, and at once if it came before. */
export async function untilInterrupted({ url }: Shown, { signal }: Interrupt): Promise<void> {
  if (signal.aborted) return;
  tell(`hangup: the sweep has ended; ${url} shows it until Ctrl-C`);
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve());
  });
}
