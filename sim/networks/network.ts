/** A client's access network: the conditions of both directions, with a name and a source. */
import type { PathConfig } from '../../src/link/config.ts';

export interface Network {
  readonly name: string;
  readonly source: string;
  readonly up: PathConfig;
  readonly down: PathConfig;
}
