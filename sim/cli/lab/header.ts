/** What a journal says of its experiment: everything that rows depend on. */
import { createHash } from 'node:crypto';
import { printPolicy } from '../../../src/backoff/parse.ts';
import type { Frame } from '../../lab/experiment/assemble.ts';
import type { Entrant } from '../../lab/experiment/experiment.ts';
import type { LabHeader } from '../../lab/experiment/journal.ts';

export function headerOf(frame: Frame, entrants: readonly Entrant[]): LabHeader {
  const { version, command, seed, storms, metrics } = frame;
  const policies = entrants.map(({ name, policy }) => [name, 'kind' in policy ? policy : printPolicy(policy)]);
  const config = JSON.stringify([storms, metrics.map(({ name }) => name), policies]);
  return {
    format: 'hangup/lab-journal/1',
    version,
    asks: `${command} --seed ${seed}`,
    config: createHash('sha256').update(config).digest('hex').slice(0, 16),
  };
}
