/** `replay --inspect`: a debugger on this machine looks at the run. Nothing of it begins before somebody is there. */
import { open, url, waitForDebugger as wait } from 'node:inspector';
import { UsageError } from './errors.ts';
import { tell } from './terminal.ts';

/** Loopback: whoever debugs a process can do with it what it likes. */
const HOST = '127.0.0.1';
/** What Node's own `--inspect` listens on. */
const USUAL = 9229;

/** Node says on standard error where it listens. */
export function waitForDebugger(given: string | true): void {
  const port = given === true ? USUAL : Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--inspect: expected a port from 0 (any) to 65535, got ${JSON.stringify(given)}`);
  // Node was started with its own flag, and whoever debugs it is there already.
  if (url() !== undefined) return;
  open(port, HOST);
  if (url() === undefined) throw new UsageError(`--inspect: expected a port that nobody listens on, got ${port}`);
  tell('hangup: waiting for a debugger: open chrome://inspect, or attach your editor');
  wait();
}
