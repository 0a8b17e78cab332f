/** What histories written by hand measure: the world that they are from, and the fold over them. */
import { measure } from '../../sim/session/figures/measure.ts';
import type { Figures } from '../../sim/session/figures/measured.ts';
import { sessionWitness } from '../../sim/session/observe.ts';
import type { SessionWorld } from '../../sim/session/world.ts';
import type { Content } from '../../src/content.ts';
import { at, ms } from '../../src/time.ts';
import { CONTENTS, FACTS, type Written, written } from '../laws/session/written.ts';

const contents = CONTENTS.map((chunks) => ({ chunks, bytes: new Uint8Array(600) }) as unknown as Content);
export const known = {
  facts: FACTS,
  contents,
  balancer: { node: 'lb' },
  servers: [{ node: 's1' }],
  links: [{ node: 'c1-lb', ends: ['c1', 'lb'] }],
} as unknown as SessionWorld;

/** What a history measures. */
export function figuresOf({ entries }: Written, world = known): Figures {
  const witness = sessionWitness();
  const figures = measure(witness, world);
  for (const entry of entries) witness.on[entry.kind]?.write(entry as never);
  return figures(entries.at(-1)?.at ?? at(0));
}

/** The same world, whose client may be told these errors. */
export const allowing = (...allowedErrors: string[]): SessionWorld =>
  ({ ...known, facts: { ...FACTS, allowedErrors } }) as unknown as SessionWorld;

/** A client started and is connected. */
export const begun = (): Written => written().intent('start').wait(ms(20)).connect(1);
