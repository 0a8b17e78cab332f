/** The head of everything that the lab prints: which storm was met, and what nobody can beat in it. */
import type { LabDocument, LabStorm } from '../../lab/experiment/document.ts';
import { inWords } from '../../lab/experiment/numbers.ts';
import type { Outage } from '../../lab/storm/storm.ts';
import { counted } from '../../report/words.ts';

/** A line for each storm. */
export const stormLines = ({ storms, metrics }: Pick<LabDocument, 'storms' | 'metrics'>): string =>
  storms.map((storm) => stormLine(storm, metrics)).join('\n');

/** Quantiles of a recovery that have a bound of their own, which *x bound* holds them against. */
const QUANTILES: Readonly<Record<string, number>> = { recovery_p99: 0.99, recovery_p999: 0.999 };

function stormLine({ storm, bound }: LabStorm, metrics: LabDocument['metrics']): string {
  const { clients, capacity, outages } = storm;
  const head = `${counted(clients, 'client')}, ${counted(capacity, 'admission')} a second, ${outagesIn(outages)}`;
  const last = outages.at(-1);
  const who =
    last === undefined || last.drops.num === last.drops.of
      ? 'all of them'
      : `the ${inWords(last.drops.num / last.drops.of, 'share')} that ${outages.length > 1 ? 'the last one drops' : 'are dropped'}`;
  // While some of the capacity goes on, clients come back before the end of the outage, from which recoveries count.
  if (last !== undefined && last.remains.num > 0)
    return `${head}: at full capacity ${who} are admitted in ${inWords(bound, 's')} (N/C); who comes back before the end has a recovery of 0, and from_drop_p99 counts from the drop`;
  const shares = metrics.flatMap(({ name, shown }) => {
    const share = shown ? QUANTILES[name] : undefined;
    return share === undefined
      ? []
      : [`, or ${inWords(share, 'share')} in less than ${inWords(share * bound, 's')} (an x bound of 1)`];
  });
  return `${head}: nobody can bring ${who} back in less than ${inWords(bound, 's')} (N/C)${shares.join('')}`;
}

function outagesIn(outages: readonly Outage[]): string {
  const words = [...new Set(outages.map(outageWords))];
  const [first = ''] = words;
  if (outages.length < 2) return `an outage of ${first}`;
  if (words.length === 1) return `${outages.length} outages of ${first}`;
  const shown = words.slice(0, 3).join('; ');
  return `${outages.length} outages (${shown}${words.length > 3 ? '; …' : ''})`;
}

function outageWords({ lasts, drops, remains }: Outage): string {
  const drop = drops.num === drops.of ? '' : ` that drops ${inWords(drops.num / drops.of, 'share')}`;
  const rest = remains.num === 0 ? '' : ` with ${inWords(remains.num / remains.of, 'share')} of the capacity left`;
  return `${inWords(lasts / 1_000_000, 's')}${drop}${rest}`;
}
