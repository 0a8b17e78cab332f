/**
 * Measured links in the Mahimahi format: one line an opportunity to deliver a packet of 1500 bytes, in whole milliseconds
 * from the start, sorted; a repeated line is a further packet in that millisecond; the trace repeats when it ends.
 */
import type { PathConfig } from '../../src/link/config.ts';
import { ms, ZERO } from '../../src/time.ts';
import type { Network } from './network.ts';

/** The trace, or what is wrong with it and in which line. */
export type Parsed = { readonly trace: Float64Array } | { readonly problem: string };

/**
 * Reads a trace. White space around a time, empty lines at the end, line ends of Windows and a byte order mark (as UTF-8,
 * or as the three Latin-1 characters that its bytes are) mean nothing and are passed over.
 */
export function parseTrace(text: string): Parsed {
  const start = /^(?:\ufeff|\xef\xbb\xbf)/.exec(text)?.[0].length ?? 0;
  const end = text.trimEnd().length;
  if (end <= start) return { problem: 'is empty: expected one time in milliseconds a line' };
  const times: number[] = [];
  let before = 0;
  for (let from = start; from < end; ) {
    const feed = text.indexOf('\n', from);
    const to = feed < 0 ? end : feed;
    const line = text.slice(from, to).trim();
    if (!/^\d{1,12}$/.test(line))
      return { problem: `line ${times.length + 1}: expected a whole number of milliseconds, got ${shown(line)}` };
    const time = Number(line);
    if (time < before)
      return { problem: `line ${times.length + 1}: ${time} comes after ${before}: expected times in ascending order` };
    times.push(time);
    before = time;
    from = to + 1;
  }
  if (before === 0)
    return { problem: 'never delivers after 0 ms: expected at least one later time, which is the period' };
  return { trace: Float64Array.from(times) };
}

const shown = (line: string): string =>
  /^[\x20-\x7e]*$/.test(line) ? JSON.stringify(line.slice(0, 40)) : 'binary data';

/** Propagation delay beside a trace, which holds capacity only: that of an LTE link. */
const TRACE_DELAY = ms(35);

/**
 * A network of two traces, as `parseTrace` reads them: their capacity in each direction, 35 ms of delay, no loss, and a queue
 * of 64 KB. A run begins in it where its seed says.
 */
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
