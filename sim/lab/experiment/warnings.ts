/** Pathologies that figures show, whoever asked for what: each in a sentence that says where it is seen. */
import type { LabDocument, LabStorm } from './document.ts';
import { inWords } from './numbers.ts';
import { meanIn } from './words.ts';

export interface Warning {
  readonly storm: string;
  readonly contender: string;
  readonly kind: 'gives up' | 'collapse' | 'in step' | 'at once';
  /** Without the name of the contender before it. */
  readonly states: string;
}

/** Dials in 100 ms over what the servers admit then, from which on a herd is one. */
const DENSE = 3;
/** How much denser the densest tenth of a second is than the densest second: 1 where dials are spread within it, 10 where all come at once. */
const LUMPED = 2;
/** Standard deviations of a Poisson count that the densest tenth of some second may lie above its mean by luck. */
const LUCK = 6;
/** A share of the clients that dials in one tenth of a second while nobody is there, from which on it is worth a word. */
const FLEET = 0.5;

export function warningsOf(document: Omit<LabDocument, 'words'>): readonly Warning[] {
  return document.storms.flatMap((storm) =>
    document.contenders
      .filter(({ phase }) => phase === 'estimate')
      .flatMap(({ name }) => warningsIn(document, storm, name)),
  );
}

function warningsIn(document: Omit<LabDocument, 'words'>, storm: LabStorm, contender: string): readonly Warning[] {
  const mean = (metric: string): number => meanIn(document, storm.name, contender, metric) ?? 0;
  const { clients, capacity, horizon } = storm.storm;
  const warnings: Warning[] = [];
  const warn = (kind: Warning['kind'], states: string): void =>
    void warnings.push({ storm: storm.name, contender, kind, states });
  const gone = mean('gave_up');
  if (gone > 0) warn('gives up', `${ofAll(gone, clients)} give up and stay away`);
  const out = mean('not_recovered') - gone;
  if (out > 0)
    warn(
      'collapse',
      `${ofAll(out, clients)} are still out ${inWords(horizon / 1_000_000, 's')} after the first drop: it has collapsed`,
    );
  const peak = mean('peak_arrivals_100ms');
  const dials = (peak * capacity) / 10;
  const spread = (mean('peak_arrivals_1s') * capacity) / 10;
  if (peak > DENSE && dials > LUMPED * spread && dials > spread + LUCK * Math.sqrt(spread))
    warn(
      'in step',
      `clients dial in step: ${inWords(dials, 'times')} dials in 100 ms since recovery, ${inWords(peak, 'times')} times what is admitted then`,
    );
  const herd = (mean('peak_arrivals_run_100ms') * capacity) / 10;
  if (herd > FLEET * clients && peak <= DENSE)
    warn('at once', `${ofAll(Math.min(herd, clients), clients)} dial in the same 100 ms during the outage`);
  return warnings;
}

const ofAll = (some: number, all: number): string =>
  some >= all
    ? `all ${inWords(all, 'times')} clients`
    : `${inWords(some, 'times')} of ${inWords(all, 'times')} clients`;
