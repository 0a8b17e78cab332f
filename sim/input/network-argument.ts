/** `--network`: a preset by name, or a pair of measured traces. */
import { basename } from 'node:path';
import { visible } from '../../src/visible.ts';
import { InputError, UsageError } from '../cli/errors.ts';
import { unknownName } from '../cli/names.ts';
import { shown } from '../core/shown.ts';
import { parseTrace, traceNetwork } from '../networks/mahimahi.ts';
import type { Network } from '../networks/network.ts';
import { findNetwork, NETWORKS } from '../networks/presets.ts';
import { pathsOf } from './paths.ts';
import { plainly, type Reader, type ReadFile } from './used-files.ts';

/** The network of that text; `more` are those of a config. Throws `UsageError` or `InputError`. */
export function networkOf(text: string, reader: Reader = plainly, more: readonly Network[] = []): Network {
  if (!text.includes(',')) {
    const found = findNetwork(text) ?? more.find(({ name }) => name === text);
    if (found !== undefined) return found;
    if (/[./\\]/.test(text))
      throw new UsageError(`--network: expected a preset or FILE.down,FILE.up, got only ${shown(text)}`);
    throw unknownName(
      'unknown network',
      text,
      [...NETWORKS, ...more].map(({ name }) => name),
      'hangup list networks shows all; measured ones are FILE.down,FILE.up',
    );
  }
  const read = reader('network');
  const [down, up, ...others] = pathsOf(text, 2, read.has);
  if (down === undefined || up === undefined || others.length > 0)
    throw new UsageError(`--network: expected FILE.down,FILE.up, got ${shown(text)}`);
  return traceNetwork(visible(basename(down)), { down: traceOf(down, read), up: traceOf(up, read) });
}

function traceOf(path: string, read: ReadFile): Float64Array {
  const parsed = parseTrace(read(path).toString('latin1'));
  if ('problem' in parsed) throw new InputError(`${path}: ${parsed.problem}`);
  return parsed.trace;
}
