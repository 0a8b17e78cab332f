/** Three policies for a storm, chosen by measurement: the best of all, the best that somebody ships, and our own. */
import type { LabAdvice, LabDocument, LabStorm } from './document.ts';
import type { Entrant, NamedStorm } from './experiment.ts';
import { isPublished } from './field.ts';
import { figure, listed, metricIn } from './words.ts';

/** The name of our own policy among presets. */
const OURS = 'default';
const PICKS = 3;

export type Role = LabAdvice['picks'][number]['role'];

/** From the best to the worst of a search; three of them, each for a reason. */
export function picksOf(ranked: readonly Entrant[]): readonly { readonly entrant: Entrant; readonly role: Role }[] {
  const picks: { entrant: Entrant; role: Role }[] = [];
  const pick = (role: Role, entrant: Entrant | undefined): void => {
    if (entrant !== undefined && !picks.some((each) => each.entrant === entrant)) picks.push({ entrant, role });
  };
  pick('best', ranked[0]);
  pick(
    'published',
    ranked.find(({ name }) => isPublished(name)),
  );
  pick(
    'ours',
    ranked.find(({ name }) => name === OURS),
  );
  // Another family rather than the same with a neighbour's number.
  while (picks.length < Math.min(PICKS, ranked.length)) {
    const families = picks.map(({ entrant }) => entrant.family);
    const taken = picks.map(({ entrant }) => entrant);
    pick(
      'next',
      ranked.find((each) => !families.includes(each.family)) ?? ranked.find((each) => !taken.includes(each)),
    );
  }
  return picks;
}

/**
 * A policy as a WebSocket client can do it, which is told neither why it was refused nor when to come again; null where
 * nothing that these storms say would be lost on it.
 */
export function pastedOf({ name, family, policy }: Entrant, storms: readonly NamedStorm[]): Entrant | null {
  if ('kind' in policy) return null;
  const hinted = policy.retryAfter !== 'ignore' && storms.some(({ storm }) => storm.retryAfter.kind !== 'none');
  if (!hinted && policy.modes.every(({ on }) => on === null)) return null;
  const modes = policy.modes.filter(({ on }) => on !== 'overloaded').map((mode) => ({ ...mode, on: null }));
  return {
    ...{ name: `${name} (as pasted)`, family, parameters: {} },
    policy: { ...policy, modes, retryAfter: 'ignore' },
  };
}

/** A paragraph: what was asked, what is best and by how much, what to take instead and why. */
export function adviceWords(document: Omit<LabDocument, 'words'>): readonly string[] {
  const { advice, storms } = document;
  if (advice === undefined || advice.picks.length === 0)
    return ['The search was stopped before there was anything to recommend.'];
  const bounds = advice.constraints.map(({ metric, relation, bound }) => `${metric} ${relation} ${bound}`);
  const aim = `Looked for the least ${advice.minimises}${bounds.length === 0 ? '' : ` with ${listed(bounds)}`} among ${advice.candidates} policies (what others publish, and families whose caps were fitted to N/C), in a race on the same luck; the figures are of fresh replications.`;
  return [
    [
      aim,
      ...advice.picks.map(({ contender, role, keepsConstraints }) => {
        if (!isMeasured(document, contender)) return `${REASONS[role](contender)}: it was not measured any more.`;
        const figures = storms.map((storm) => inStorm(document, storm, contender, advice.minimises));
        const broken = keepsConstraints ? '' : ` It does not keep ${listed(bounds)}.`;
        return `${REASONS[role](contender)}: ${figures.join('; ')}.${broken}`;
      }),
      ...asPasted(document, advice),
    ].join(' '),
  ];
}

const REASONS: Readonly<Record<Role, (name: string) => string>> = {
  best: (name) => `Take ${name}`,
  published: (name) => `Of clients as they are published, ${name} does best`,
  ours: () => "hangup's own default knows neither N nor C",
  next: (name) => `Next best is ${name}`,
};

/** Whether there is a fresh replication of it: a search may be stopped before. */
const isMeasured = ({ rows }: Omit<LabDocument, 'words'>, name: string): boolean =>
  rows.some(({ contender, phase }) => contender === name && phase === 'estimate');

/** What becomes of the best where its code is pasted and told nothing. */
function asPasted(document: Omit<LabDocument, 'words'>, { pasted, minimises, picks }: LabAdvice): readonly string[] {
  const [best] = picks;
  if (pasted === null || best === undefined || !isMeasured(document, pasted)) return [];
  const figures = document.storms.map((storm) => inStorm(document, storm, pasted, minimises));
  return [
    `A WebSocket client is told neither why it was refused nor when to come again: unless you hand that to wait(), the code of ${best.contender} does as ${pasted}, ${figures.join('; ')}.`,
  ];
}

function inStorm(document: Omit<LabDocument, 'words'>, storm: LabStorm, contender: string, aim: string): string {
  const metric = metricIn(document, aim);
  const where = document.storms.length > 1 ? `in ${storm.name} ` : '';
  return metric === undefined ? where : `${where}${aim} ${figure(document, storm, contender, metric)}`;
}
