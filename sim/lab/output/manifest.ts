/**
 * The manifest of an experiment: what was asked, by which code, with which seed, and the checksum of each file that came
 * of it.
 *
 * Everything but `machine` is the same wherever and however often the experiment is made: two manifests that differ
 * above it are of two experiments, and two that differ only there are of one.
 */
import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { AS, sumOf } from '../../explore/own-code.ts';
import type { LabDocument } from '../experiment/document.ts';
import type { LabFile } from './lab-file.ts';
import { replicationsOf } from './replications.ts';

/** What only this machine, on this day, can say of the experiment. */
export interface LabMachine {
  /** Worker processes or threads. */
  readonly workers?: number;
  /** Wall time, in seconds. */
  readonly seconds?: number;
  /** When it ended, as ISO 8601 writes it. */
  readonly at?: string;
}

export interface LabManifest {
  readonly schema: 'hangup/lab-manifest/1';
  readonly experiment: {
    readonly command: string;
    readonly seed: string;
    readonly config: LabConfig;
    /** SHA-256 of `config` as JSON with sorted keys: experiments that ask alike have the same. */
    readonly configSha256: string;
    readonly stopped: LabDocument['stopped'];
    readonly replications: { readonly least: number; readonly most: number };
  };
  readonly code: {
    readonly version: string;
    /** `ts` as it is written, `js` as it is built: checksums of the two cannot be compared. */
    readonly as: 'ts' | 'js';
    /** SHA-256 of machines and lab; null where the code cannot be read (somebody bundled it). */
    readonly sha256: string | null;
  };
  readonly files: readonly LabFile[];
  readonly machine: LabMachine & {
    readonly node: string;
    readonly platform: string;
    readonly arch: string;
    readonly processors: number;
    readonly processor: string;
  };
}

type LabConfig = Pick<LabDocument, 'asks' | 'fidelity' | 'confidence' | 'asked' | 'seed'> & {
  readonly storms: readonly Pick<LabDocument['storms'][number], 'name' | 'storm'>[];
  readonly policies: readonly Pick<LabDocument['contenders'][number], 'name' | 'family' | 'parameters' | 'policy'>[];
  readonly metrics: readonly string[];
};

/** What the experiment asked, without what came of it. */
export function configOf(document: LabDocument): LabConfig {
  const { asks, fidelity, confidence, asked, seed, storms, contenders, metrics } = document;
  return {
    asks,
    fidelity,
    confidence,
    asked,
    seed,
    storms: storms.map(({ name, storm }) => ({ name, storm })),
    policies: contenders.map(({ name, family, parameters, policy }) => ({ name, family, parameters, policy })),
    metrics: metrics.map(({ name }) => name),
  };
}

/** The manifest of these files, which are all that there are beside it. */
export function manifestOf(document: LabDocument, files: readonly LabFile[], machine: LabMachine): LabManifest {
  const config = configOf(document);
  const [first] = cpus();
  return {
    schema: 'hangup/lab-manifest/1',
    experiment: {
      command: document.command,
      seed: document.seed,
      config,
      configSha256: configSum(document),
      stopped: document.stopped,
      replications: replicationsOf(document),
    },
    code: { version: document.version, as: AS, sha256: codeSum() },
    files,
    machine: {
      node: process.version,
      platform: process.platform,
      arch: process.arch,
      processors: cpus().length,
      processor: first?.model ?? 'unknown',
      ...machine,
    },
  };
}

/** SHA-256 of what the experiment asked: 64 hex digits. */
export const configSum = (document: LabDocument): string =>
  createHash('sha256')
    .update(canonical(configOf(document)))
    .digest('hex');

/** JSON with sorted keys, so that the order in which somebody built an object does not count. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : each,
  );

/** SHA-256 of the code that the lab is made of; null where it cannot be read. */
export function codeSum(): string | null {
  try {
    return sumOf(['src', 'sim/core', 'sim/lab']);
  } catch {
    return null;
  }
}
