/** Faults of what our servers say and know: `target` is a server, for instance `s1`. */
import type { Refuses } from '../../../src/session/server/trouble.ts';
import { LIMITS } from '../../../src/session/wire/limits.ts';
import { type Duration, ms, ZERO } from '../../../src/time.ts';
import type { Dice } from '../../core/dice.ts';
import type { FaultBase, Kinds, Menu } from '../../faults/kind.ts';
import { oneOf, shift, texts, time, whole, yesOrNo } from '../../faults/parameter.ts';
import { standing } from '../../faults/troubles.ts';
import { CLOCK_OFF_MAX } from './auth.ts';

/** It cannot take more: HELLOs are answered with 1013, or handshakes refused with 503; it may also send away who is there. */
interface Overload extends FaultBase {
  readonly kind: 'overload';
  readonly lasts: Duration;
  readonly refuses: Exclude<Refuses, 'none'>;
  readonly sheds: boolean;
}

/** It restarts at once, and for a while everything that it asks of other services goes out late. */
interface SlowStart extends FaultBase {
  readonly kind: 'slowStart';
  readonly lasts: Duration;
  readonly by: Duration;
}

/** It restarts with another range of protocol versions, and is rolled back in the end. */
interface VersionChange extends FaultBase {
  readonly kind: 'versionChange';
  readonly lasts: Duration;
  readonly min: number;
  readonly max: number;
}

/** It admits these origins only (empty text: clients without one). Open connections are not judged again. */
interface OriginPolicy extends FaultBase {
  readonly kind: 'originPolicy';
  readonly lasts: Duration;
  readonly allowed: readonly string[];
}

/** Its wall clock jumps, and jumps back in the end. */
interface ClockJump extends FaultBase {
  readonly kind: 'clockJump';
  readonly lasts: Duration;
  readonly ahead: number;
}

/** It closes every connection with a code, and goes on. */
interface ServerClose extends FaultBase {
  readonly kind: 'serverClose';
  readonly code: number;
}

/** The agent beside it thinks of nothing more for a while; every connection lives on. */
interface AgentStall extends FaultBase {
  readonly kind: 'agentStall';
  readonly lasts: Duration;
}

export type ServiceFault = Overload | SlowStart | VersionChange | OriginPolicy | ClockJump | ServerClose | AgentStall;

const over = time('microseconds until it is over');
const anyServer = (dice: Dice, { servers }: Menu): string => dice.pick('plan/server', servers);

export const SERVICE_KINDS: Kinds<ServiceFault> = {
  overload: {
    hits: 'server',
    about: 'server: takes nobody more, and says when to come back',
    parameters: {
      lasts: over,
      refuses: oneOf('hello (accepts, then 1013 with retry-after) or handshake (503)', ['hello', 'handshake']),
      sheds: yesOrNo('whether those who are connected are sent away with 1013 at its beginning'),
    },
    draw: (dice, menu, lasts) => ({
      target: anyServer(dice, menu),
      lasts,
      refuses: dice.pick('plan/refuses', ['hello', 'handshake'] as const),
      sheds: dice.chance('plan/sheds', 1, 2),
    }),
    ...standing<Overload>({ type: 'overload', refuses: 'none', sheds: false }, ({ refuses, sheds }) => ({
      type: 'overload',
      refuses,
      sheds,
    })),
  },
  slowStart: {
    hits: 'server',
    about: 'server: restarts, and then asks store and token service late for a while',
    parameters: { lasts: over, by: time('microseconds that each of its requests goes out late') },
    draw: (dice, menu, lasts) => ({
      target: anyServer(dice, menu),
      lasts,
      by: ms(dice.between('plan/slow', 10, 3000)),
    }),
    duration: (fault) => fault.lasts,
    begin(scene, { target, by }, number) {
      const server = scene.node(target);
      scene.restart(server);
      scene.troubles.begin(server, 'slow', number, { type: 'slow', by });
      return 'lasts';
    },
    end: (scene, { target }, number) => scene.troubles.end(scene.node(target), 'slow', number, { type: 'slow', by: 0 }),
  },
  versionChange: {
    hits: 'server',
    about: 'server: restarts with other protocol versions, and in the end with its own again',
    parameters: {
      lasts: over,
      min: whole('lowest version that it speaks (1 to 255)', 1, LIMITS.version),
      max: whole('highest version (1 to 255)', 1, LIMITS.version),
    },
    excuses: ['version_unsupported'],
    draw(dice, menu, lasts) {
      const [min, max] = dice.pick('plan/versions', VERSIONS);
      return { target: anyServer(dice, menu), lasts, min, max };
    },
    duration: (fault) => fault.lasts,
    begin(scene, { target, min, max }, number) {
      const server = scene.node(target);
      scene.restart(server);
      scene.troubles.begin(server, 'speaks', number, { type: 'speaks', min, max });
      return 'lasts';
    },
    end(scene, { target }, number) {
      const server = scene.node(target);
      const { protoMin: min, protoMax: max } = server.config as { protoMin: number; protoMax: number };
      scene.troubles.end(server, 'speaks', number, { type: 'speaks', min, max });
      scene.restart(server);
    },
  },
  originPolicy: {
    hits: 'server',
    about: 'server: admits other origins; open connections stay, new ones from elsewhere are refused with 403',
    parameters: { lasts: over, allowed: texts('the origins that it admits (empty text: clients without one)') },
    draw: (dice, menu, lasts) => ({ target: anyServer(dice, menu), lasts, allowed: ['https://elsewhere.example'] }),
    ...standing<OriginPolicy>({ type: 'origins', allowed: null }, ({ allowed }) => ({ type: 'origins', allowed })),
  },
  clockJump: {
    hits: 'server',
    about: 'server: its wall clock jumps, and with it which tokens it calls expired',
    parameters: { lasts: over, ahead: shift('microseconds that it is ahead of the true time (negative: behind)') },
    draw: (dice, menu, lasts) => ({
      target: anyServer(dice, menu),
      lasts,
      ahead: dice.between('plan/clock', -CLOCK_OFF_MAX, CLOCK_OFF_MAX),
    }),
    ...standing<ClockJump>({ type: 'clock', ahead: 0 }, ({ ahead }) => ({ type: 'clock', ahead })),
  },
  serverClose: {
    hits: 'server',
    about: 'server: closes every connection in good order with a code of its own, 1000 among them, and goes on',
    parameters: { code: whole('close code that the clients hear (1000 to 4999)', 1000, 4999) },
    draw: (dice, menu) => ({ target: anyServer(dice, menu), code: dice.pick('plan/close-code', CLOSES) }),
    duration: () => ZERO,
    begin(scene, { target, code }) {
      scene.tell(scene.node(target), { type: 'closeAll', code });
      return 'over';
    },
    end: () => undefined,
  },
  agentStall: {
    hits: 'server',
    about: 'server: the agent beside it thinks of nothing more while every connection lives',
    parameters: { lasts: over },
    draw: (dice, menu, lasts) => ({ target: anyServer(dice, menu), lasts }),
    duration: (fault) => fault.lasts,
    begin(scene, { target }, number) {
      for (const node of scene.host(target))
        if (node.spec.role === 'agent') scene.troubles.begin(node, 'stall', number, { type: 'stall', on: true });
      return 'lasts';
    },
    end(scene, { target }, number) {
      for (const node of scene.host(target))
        if (node.spec.role === 'agent') scene.troubles.end(node, 'stall', number, { type: 'stall', on: false });
    },
  },
};

/** Codes of a server after which a client comes back. 1000 says that all is well; it is no reason to stay away. */
const CLOSES = [1000, 1000, 1001, 1011, 1012, 4008] as const;

/** What a deployment may bring: a newer version beside the old one, or without it. */
const VERSIONS: readonly (readonly [number, number])[] = [
  [1, 2],
  [2, 2],
  [2, 3],
];
