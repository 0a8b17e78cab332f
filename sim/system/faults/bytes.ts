/** Faults by what happens to bytes on their way: a write that is cut in the middle, and pings that never pass. */
import { type Duration, us } from '../../../src/time.ts';
import type { FaultBase, Kinds } from '../../faults/kind.ts';
import { oneOf, thousandths, time, whole } from '../../faults/parameter.ts';
import { closeBoxes, putBoxes } from './boxes.ts';
import { NoPings } from './filter.ts';
import { type Cut, Torn } from './torn.ts';

/** A write on a link is cut in the middle, and its connection is over. */
interface CutFrame extends FaultBase, Cut {
  readonly kind: 'cutFrame';
  readonly lasts: Duration;
}

/** Pings do not pass. */
interface PingsDropped extends FaultBase {
  readonly kind: 'pingsDropped';
  readonly lasts: Duration;
}

export type ByteFault = CutFrame | PingsDropped;

/** Microseconds in which most clients have dialled again. */
const REDIALS = 5_000_000;

export const BYTE_KINDS: Kinds<ByteFault> = {
  cutFrame: {
    hits: 'link',
    about: 'link: a write is cut in the middle; its first part arrives, and the connection is over',
    parameters: {
      lasts: time('microseconds in which a write is waited for'),
      way: oneOf('up: what the client writes; down: what is written to it', ['up', 'down']),
      write: whole(
        'which write: 0 for the next one of any connection, n for the nth of the next one, for which those that there are are reset',
        0,
        1000,
      ),
      share: thousandths('where it is cut, in thousandths of its length; a byte at least is on either side'),
      how: oneOf('reset, end (of the stream), or silence: nothing passes any more, and nobody is told', [
        'reset',
        'end',
        'silence',
      ]),
    },
    draw(dice, menu, lasts) {
      // First come the answer to an upgrade, and what both say to find out where they were: those are the moments.
      const write = dice.chance('plan/write', 1, 2) ? 0 : dice.between('plan/write', 1, 4);
      return {
        target: dice.pick('plan/link', menu.links),
        lasts: write === 0 ? lasts : us(lasts + REDIALS),
        way: dice.pick('plan/direction', ['up', 'down'] as const),
        write,
        share: dice.between('plan/share', 0, 1000),
        how: dice.pick('plan/how', ['reset', 'reset', 'end', 'silence'] as const),
      };
    },
    duration: ({ lasts }) => lasts,
    begin(scene, fault, number) {
      if (fault.write > 0) scene.universe.step(scene.node(fault.target), { type: 'resetAll' });
      putBoxes(scene, number, [fault.target], (passage) => new Torn(passage, fault));
      return 'lasts';
    },
    end: (scene, _fault, number) => closeBoxes(scene, number),
  },
  pingsDropped: {
    hits: 'link',
    about: 'link: a middlebox lets everything pass but pings of WebSockets, either way',
    parameters: { lasts: time('microseconds until pings pass again') },
    draw: (dice, menu, lasts) => ({ target: dice.pick('plan/link', menu.links), lasts }),
    duration: ({ lasts }) => lasts,
    begin(scene, fault, number) {
      putBoxes(scene, number, [fault.target], (passage) => new NoPings(passage));
      return 'lasts';
    },
    end: (scene, _fault, number) => closeBoxes(scene, number),
  },
};
