/** A few seconds of a system without a fault: what its modules do by themselves when they are loaded. */
import { pathToFileURL } from 'node:url';
import { run } from '../../core/run.ts';
import type { SystemDefinition } from '../definition.ts';
import { system } from '../system.ts';

export interface Trial {
  /** A client dialled; a server took a connection. */
  readonly dials: boolean;
  readonly accepts: boolean;
  /** Host names that a client dialled, besides those that were known. */
  readonly hosts: readonly string[];
  /** What nobody caught, or what ended the run; null where nothing did. */
  readonly wrong: string | null;
}

/** More names than that nobody dials in the first seconds. */
const MOST_HOSTS = 8;

/** Throws in one line for what cannot be loaded at all. */
export function tried(
  definition: Pick<SystemDefinition, 'client' | 'server' | 'env'>,
  known: readonly string[],
): Trial {
  const hosts = [...known];
  for (;;) {
    const scenario = system({
      ...definition,
      name: 'trial',
      ...{ clients: 1, network: 'wifi', faults: [], lasts: '5s', hosts, from: pathToFileURL('./trial.ts') },
    });
    scenario.ready?.();
    const seen = { dials: false, accepts: false, wrong: null as string | null };
    try {
      run(scenario, '1', {
        witness(entry) {
          if (entry.kind === 'dialled') seen.dials = true;
          else if (entry.kind === 'accepted') seen.accepts = true;
          else if (entry.kind === 'uncaught') seen.wrong ??= entry.error;
        },
      });
    } catch (error) {
      const stranger = /called (\S+), only/.exec((error as Error).message)?.[1];
      if (stranger !== undefined && hosts.length < MOST_HOSTS && !hosts.includes(stranger)) {
        hosts.push(stranger);
        continue;
      }
      seen.wrong ??= (error as Error).message;
    }
    return { ...seen, hosts };
  }
}
