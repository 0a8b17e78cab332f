/** `--network`: a preset by name, or a pair of measured traces. */
import { basename } from 'node:path';
import { InputError, UsageError } from '../cli/errors.ts';
import { unknownName } from '../cli/names.ts';
import { parseTrace, traceNetwork } from '../networks/mahimahi.ts';
import type { Network } from '../networks/network.ts';
import { findNetwork, NETWORKS } from '../networks/presets.ts';
import { visible } from '../report/visible.ts';
import { pathsOf } from './paths.ts';
import { readFile } from './read-file.ts';

/** The network of that text. Throws `UsageError` or `InputError`. */
export function networkOf(text: string): Network {
  if (!text.includes(',')) {
    const found = findNetwork(text);
    if (found !== undefined) return found;
    if (/[./\\]/.test(text))
      throw new UsageError(`--network: expected a preset or FILE.down,FILE.up, got only ${JSON.stringify(text)}`);
    throw unknownName(
      'unknown network',
      text,
      NETWORKS.map(({ name }) => name),
      'hangup list networks shows all; measured ones are FILE.down,FILE.up',
    );
  }
  const [down, up, ...more] = pathsOf(text, 2);
  if (down === undefined || up === undefined || more.length > 0)
    throw new UsageError(`--network: expected FILE.down,FILE.up, got ${JSON.stringify(text)}`);
  return traceNetwork(visible(basename(down)), { down: traceOf(down), up: traceOf(up) });
}

function traceOf(path: string): Float64Array {
  const parsed = parseTrace(readFile(path).toString('latin1'));
  if ('problem' in parsed) throw new InputError(`${path}: ${parsed.problem}`);
  return parsed.trace;
}
