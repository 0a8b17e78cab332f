/** Faults by what answers a dial of somebody's own code: a proxy that refuses, closes, or ends what it has just accepted. */
import type { NodeId } from '../../../src/machine.ts';
import { type Duration, ms } from '../../../src/time.ts';
import type { Dice } from '../../core/dice.ts';
import type { FaultBase, Kinds, Menu } from '../../faults/kind.ts';
import { nodes, oneOf, time, whole, yesOrNo } from '../../faults/parameter.ts';
import type { Scene } from '../../faults/scene.ts';
import { closeBoxes, putBoxes } from './boxes.ts';
import { Door, type Manner } from './door.ts';
import { ClosesBetween } from './filter.ts';

interface Answering extends FaultBase {
  readonly lasts: Duration;
  /** Access links whose dials are answered so; the first is the target. */
  readonly links: readonly NodeId[];
}

/** Upgrades are answered with an HTTP status, or never. */
interface UpgradeRefused extends Answering {
  readonly kind: 'upgradeRefused';
  readonly status: number;
  readonly retryAfter: number;
  readonly everything: boolean;
}

/** WebSockets are closed with a code. */
interface ClosedWith extends Answering {
  readonly kind: 'closedWith';
  readonly code: number;
  readonly when: 'open' | 'message' | 'later' | 'between';
  readonly after: Duration;
}

/** Connections are accepted, and ended at once. */
interface Slammed extends Answering {
  readonly kind: 'slammed';
  readonly how: 'fin' | 'rst';
}

export type AnswerFault = UpgradeRefused | ClosedWith | Slammed;

const lasts = time('microseconds in which dials are answered so');
const links = nodes('names of links, the target first', 'link');

/** What proxies and servers answer upgrades with; 0: they never do. */
const STATUSES = [401, 403, 429, 502, 503, 0] as const;
/** RFC 6455 section 7.4.1, and what applications take of 3000 to 4999: a token that expired, a rate, a kick, a bug. */
const CODES = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3008, 4000, 4001, 4401, 4999,
];
const WAITS = [-1, -1, 0, 1, 5, 30] as const;

/** One link, or all of them: a proxy is in front of everybody. */
function drawLinks(dice: Dice, { links }: Menu): Pick<Answering, 'target' | 'links'> {
  const target = dice.pick('plan/link', links);
  const others = dice.chance('plan/everybody', 1, 2) ? links.filter((link) => link !== target) : [];
  return { target, links: [target, ...others] };
}

const door =
  (manner: Manner) =>
  (scene: Scene, fault: Answering, number: number): 'lasts' => {
    putBoxes(
      scene,
      number,
      fault.links,
      (passage) => new Door(passage, manner, (delay, run) => scene.later(delay, run)),
    );
    return 'lasts';
  };

const usual = {
  duration: (fault: Answering): Duration => fault.lasts,
  end: (scene: Scene, _fault: Answering, number: number): void => closeBoxes(scene, number),
};

export const ANSWER_KINDS: Kinds<AnswerFault> = {
  upgradeRefused: {
    hits: 'link',
    about: 'link: a proxy in front of the server answers upgrades with an HTTP status, or never',
    parameters: {
      lasts,
      links,
      status: whole('HTTP status (300 to 599), or 0: it takes the request and never answers', 0, 599),
      retryAfter: whole('Retry-After, in seconds; -1: none (-1 to 86400)', -1, 86_400),
      everything: yesOrNo('true: other requests are answered so, too; false: they reach the server'),
    },
    draw(dice, menu, lasts) {
      const status = dice.pick('plan/status', STATUSES);
      const retryAfter = status === 429 || status === 503 ? dice.pick('plan/retry-after', WAITS) : -1;
      return { ...drawLinks(dice, menu), lasts, status, retryAfter, everything: status === 0 || status > 500 };
    },
    ...usual,
    begin: (scene, fault, number) => door({ does: 'refuse', ...fault })(scene, fault, number),
  },
  closedWith: {
    hits: 'link',
    about:
      'link: a proxy closes WebSockets with a code: as soon as they are open, at their first message, later, or between two messages of the server',
    parameters: {
      lasts,
      links,
      code: whole('close code (1000 to 4999)', 1000, 4999),
      when: oneOf(
        'open, message or later: new connections, which the server never sees; between: those that are there',
        ['open', 'message', 'later', 'between'],
      ),
      after: time('microseconds from the opening to the close, for `later`'),
    },
    draw: (dice, menu, lasts) => ({
      ...drawLinks(dice, menu),
      lasts,
      code: dice.pick('plan/close-code', CODES),
      when: dice.pick('plan/when', ['open', 'message', 'later', 'between', 'between'] as const),
      after: ms(dice.between('plan/after', 1, 3000)),
    }),
    ...usual,
    begin(scene, fault, number) {
      const { when, code } = fault;
      if (when !== 'between') return door({ does: 'close', code, when, after: fault.after })(scene, fault, number);
      putBoxes(scene, number, fault.links, (passage) => new ClosesBetween(passage, code));
      return 'lasts';
    },
  },
  slammed: {
    hits: 'link',
    about: 'link: whoever answers accepts connections and ends them at once, for as long as it lasts',
    parameters: { lasts, links, how: oneOf('fin (the stream ends) or rst (it is reset)', ['fin', 'rst']) },
    draw: (dice, menu, lasts) => ({
      ...drawLinks(dice, menu),
      lasts,
      how: dice.pick('plan/how', ['fin', 'rst'] as const),
    }),
    ...usual,
    begin: (scene, fault, number) => door({ does: 'slam', how: fault.how })(scene, fault, number),
  },
};
