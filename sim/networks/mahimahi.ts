/**
 * Measured links in the Mahimahi format: one line an opportunity to deliver a packet of 1500 bytes, in whole milliseconds
 * from the start, sorted; a repeated line is a further packet in that millisecond; the trace repeats when it ends.
 */
import type { PathConfig } from '../../src/link/config.ts';
import { ms, ZERO } from '../../src/time.ts';
import type { Network } from './network.ts';

/** The trace, or what is wrong with it and in which line. */
export type Parsed = { readonly trace: Float64Array } | { readonly problem: string };

export function parseTrace(text: string): Parsed {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) return { problem: 'is empty: expected one time in milliseconds a line' };
  const trace = new Float64Array(lines.length);
  let before = 0;
  for (const [index, raw] of lines.entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (!/^\d{1,12}$/.test(line))
      return { problem: `line ${index + 1}: expected a whole number of milliseconds, got ${shown(line)}` };
    const time = Number(line);
    if (time < before)
      return { problem: `line ${index + 1}: ${time} comes after ${before}: expected times in ascending order` };
    trace[index] = time;
    before = time;
  }
  if (before === 0)
    return { problem: 'never delivers after 0 ms: expected at least one later time, which is the period' };
  return { trace };
}

const shown = (line: string): string =>
  /^[\x20-\x7e]*$/.test(line) ? JSON.stringify(line.slice(0, 40)) : 'binary data';

/** Propagation delay beside a trace, which holds capacity only: that of an LTE link. */
const TRACE_DELAY = ms(35);

export function traceNetwork(
  name: string,
  traces: { readonly down: ArrayLike<number>; readonly up: ArrayLike<number> },
): Network {
  const path = (trace: ArrayLike<number>): PathConfig => ({
    delay: TRACE_DELAY,
    jitter: ZERO,
    rate: 0,
    queue: 64 * 1024,
    loss: { num: 0, of: 1 },
    bursts: null,
    trace,
  });
  return { name, source: 'measured capacity, Mahimahi format', up: path(traces.up), down: path(traces.down) };
}
