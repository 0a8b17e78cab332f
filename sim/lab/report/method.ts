/** How the figures of a report were made: the storm, the replications, the statistics, and what each metric means. */
import { type Markup, markup } from '../../report/markup.ts';
import { chosen, figure, grouped, percent } from '../charts/figure.ts';
import type { LabDocument, LabStorm } from '../experiment/document.ts';
import { replicationsOf } from '../output/replications.ts';
import type { RetryAfter, Storm } from '../storm/storm.ts';

export function methodSection(document: LabDocument): Markup {
  return markup`<section id="method" aria-labelledby="method-h"><h2 id="method-h">Method</h2>
${paragraphs(document).map((text) => markup`<p class="prose">${text}</p>`)}
${document.storms.map(stormTerms)}
${document.tuning === null ? null : rounds(document.tuning)}
<h3>Metrics</h3><dl class="terms">${document.metrics.filter(({ shown }) => shown).map(({ name, states }) => markup`<dt><code>${name}</code></dt><dd>${states}</dd>`)}</dl></section>`;
}

function paragraphs(document: LabDocument): readonly string[] {
  const { least, most } = replicationsOf(document);
  const { asked, confidence, leastChange, differences, fidelity, seed } = document;
  const many = least === most ? grouped(least) : `${grouped(least)} to ${grouped(most)}`;
  const stopping =
    asked.kind === 'replications'
      ? `as many as were asked for (${grouped(asked.replications)})`
      : `until the ${percent(confidence)} interval of each mean of ${asked.metrics.join(', ')} was no wider than ±${percent(asked.relative)} of it, ${grouped(asked.replicationsMost)} at most`;
  const compared = differences.filter(({ holm }) => holm !== null).length;
  return [
    `The unit is the replication: one storm from the first lost connection on, whose value is one number. Each policy met ${many} of them, ${stopping}. Means have intervals of Student's t over replications.`,
    `Replications of one number share their luck: what a client draws depends on the seed (${seed}), the replication, the client, the purpose and the attempt, and on nothing that other clients or policies do. So policies are compared in pairs, and the interval of a difference is that of the mean of differences, which is narrower than the two intervals suggest.`,
    ...(compared === 0
      ? []
      : [
          `Of ${grouped(compared)} comparisons some would seem to hold by chance: p values are two-sided, of Student's t on pairs, and corrected by Holm's method over all of them. “Better” and “worse” mean that this correction leaves less than ${figure(1 - confidence)}, and that the difference is more than ${percent(leastChange)} of the reference. Bootstrap intervals of the same differences are in differences.csv.`,
        ]),
    fidelity === 'lean'
      ? 'Storms are run by the lean kernel: clients, their policies, and servers that admit at a rate; the properties of the repository hold it against the full universe.'
      : 'Storms are run in the full universe, with its links, balancer, servers and sessions.',
    ...(document.traces.length === 0
      ? []
      : [
          'Pictures over time are of one replication each, the same one of every policy; figures and differences are of all.',
        ]),
  ];
}

function stormTerms({ name, storm, bound }: LabStorm): Markup {
  const terms: readonly (readonly [string, string])[] = [
    ['clients (N)', grouped(storm.clients)],
    [
      'capacity (C)',
      `${grouped(storm.capacity)} admissions a second, counted out in windows of ${chosen(storm.window / 1e6)}`,
    ],
    ['bound (N/C)', chosen(Number(bound.toPrecision(6)))],
    ['outages', storm.outages.map(outageWords).join('; ')],
    [
      'a refused dial costs',
      storm.refusalCost.num === 0
        ? 'nothing'
        : `${percent(storm.refusalCost.num / storm.refusalCost.of)} of an admission`,
    ],
    [
      'a refusal says',
      `${RETRY_AFTER[storm.retryAfter.kind](storm.retryAfter as never)}, ${storm.refuses === 'http' ? 'before the socket opens' : 'by a close behind the open'}`,
    ],
    [
      'accept queue',
      storm.queue === null
        ? 'none'
        : `${grouped(storm.queue.length)} dials, which wait ${chosen(storm.dialTimeout / 1e6)} at most`,
    ],
    [
      'round trip',
      storm.roundTrip.most === 0
        ? 'none'
        : `${chosen(storm.roundTrip.least / 1e6)} to ${chosen(storm.roundTrip.most / 1e6)}`,
    ],
    ['horizon', chosen(storm.horizon / 1e6)],
  ];
  return markup`<h3>Storm${/^storm$/.test(name) ? null : `: ${name}`}</h3><dl class="terms">${terms.map(([term, says]) => markup`<dt>${term}</dt><dd>${says}</dd>`)}</dl>`;
}

function outageWords({ at, lasts, drops, remains, dials }: Storm['outages'][number]): string {
  const when = at === 0 ? '' : ` from ${chosen(at / 1e6)}`;
  const who = drops.num === drops.of ? 'everybody is dropped' : `${percent(drops.num / drops.of)} are dropped`;
  const left = remains.num === 0 ? '' : `, ${percent(remains.num / remains.of)} of capacity remains`;
  return `${chosen(lasts / 1e6)}${when}: ${who}${left}, dials are ${dials === 'silent' ? 'not answered' : 'refused'}`;
}

const RETRY_AFTER: {
  readonly [Kind in RetryAfter['kind']]: (retryAfter: Extract<RetryAfter, { kind: Kind }>) => string;
} = {
  none: () => 'nothing of when to come again',
  fixed: ({ after }) => `to come again after ${chosen(after / 1e6)}, to everybody`,
  uniform: ({ least, most }) => `to come again after ${chosen(least / 1e6)} to ${chosen(most / 1e6)}, drawn for each`,
  slot: () => 'the next admission that nobody was promised',
};

function rounds({
  family,
  design,
  varied,
  rounds: all,
  constraints,
  minimises,
}: NonNullable<LabDocument['tuning']>): Markup {
  const knobs = varied.map(
    ({ knob, values }) => `${knob} ${design === 'grid' ? values.join(', ') : `${values[0]} to ${values.at(-1)}`}`,
  );
  const under =
    constraints.length === 0
      ? ''
      : ` subject to ${constraints.map(({ metric, relation, bound }) => `${metric} ${relation} ${bound}`).join(' and ')}`;
  return markup`<h3>Search</h3><p class="prose">${family} over ${knobs.join('; ')} (${design}), to minimise ${minimises}${under}. Those that could not win were left out after each round; what was left at the end was estimated again on replications that had no part in choosing it.</p>
<div class="scroll"><table><thead><tr><th scope="col">round</th><th scope="col" class="n">candidates</th><th scope="col" class="n">replications of each so far</th></tr></thead><tbody>${all.map((round, nth) => markup`<tr><th scope="row">${nth + 1}</th><td class="n">${grouped(round.candidates)}</td><td class="n">${grouped(round.replications)}</td></tr>`)}</tbody></table></div>`;
}
