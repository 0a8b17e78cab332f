/** Agents, token services and balancers with their own share of it. */
import type { Token } from '../../../src/session/wire/frames.ts';
import type { Duration } from '../../../src/time.ts';
import { seconds } from '../../../src/time.ts';
import { type Bug, bug } from '../bug.ts';
import { changed, messageIn, sets, without } from '../say.ts';

export const OTHERS: readonly Bug[] = [
  bug(
    'agent',
    'appends-are-never-repeated',
    ['apache/pulsar#755', 'temporalio/temporal#771'],
    'An append that got lost is not sent again: the answer stops there.',
    { around: ({ step }) => without(step(), (effect) => sets(effect, 'append')) },
  ),
  bug(
    'agent',
    'fenced-for-ever',
    ['apache/pulsar#14716', 'apache/pulsar#20032'],
    'A fence that comes late stops an agent that was told of the newer generation already, and no other word lets it go on.',
    {
      around({ state, event, step }) {
        const fenced = messageIn(event, 'fenced');
        const effects = step();
        if (fenced === null) return effects;
        for (const number of Object.values(state.sessions[fenced.session] ?? {})) {
          const job = state.jobs[number];
          if (job !== undefined) job.fenced = true;
        }
        return effects;
      },
    },
  ),
  bug(
    'agent',
    'takes-over-from-the-beginning',
    'temporalio/sdk-java#1965',
    'An agent that takes an answer over begins at its first chunk, whatever the log has.',
    {
      around({ state, event, step }) {
        const generate = messageIn(event, 'generate');
        const known = generate !== null && state.sessions[generate.session]?.[generate.stream] !== undefined;
        if (generate === null || known || event.type !== 'message') return step();
        return step({ ...event, message: { ...generate, head: 0 } });
      },
    },
  ),
  bug(
    'agent',
    'goes-on-for-nobody',
    'leaty/rkeep#5',
    'An agent whose session is gone, or somebody else’s, thinks on to the end of its answer.',
    {
      around: ({ event, step }) =>
        messageIn(event, 'expired') === null && messageIn(event, 'stop') === null ? step() : [],
    },
  ),
  bug(
    'auth',
    'token-out-of-a-cache',
    ['siteboon/claudecodeui#1174', 'centrifugal/centrifuge-dart#154'],
    'The token service gives out the token of before until half a minute before that expires.',
    {
      around(around) {
        const { event, context, step } = around;
        const issue = messageIn(event, 'issue');
        if (issue === null) return step();
        const kept = (around.memory as Record<string, Token> | null)?.[issue.subject];
        const fresh = kept !== undefined && kept.expiresAt > context.now + seconds(30) ? kept : null;
        return changed(step(), (effect) => {
          if (effect.type !== 'post' || effect.message.type !== 'issued') return effect;
          const token = fresh ?? effect.message.token;
          around.memory = { ...(around.memory as object | null), [issue.subject]: token };
          return { ...effect, message: { ...effect.message, token } };
        });
      },
    },
  ),
  bug(
    'auth',
    'clocks-must-agree',
    'mulesoft/mule#9799',
    'A token is refused at the very moment at which it expires by the clock of the service, whatever other clocks show.',
    { config: (config) => ({ ...config, leeway: 0 as Duration }) },
  ),
  bug(
    'balancer',
    'close-codes-swallowed',
    ['cloud-in-a-bottle/cloud-in-a-bottle#242', 'manaflow-ai/subrouter#79'],
    'A proxy ends the connection of a client without the close code that its server gave.',
    {
      around: ({ state, event, step }) =>
        step(
          event.type === 'closed' && state.byServer[event.conn] !== undefined && event.clean
            ? { ...event, clean: false, code: 1006, reason: '' }
            : event,
        ),
    },
  ),
  bug(
    'balancer',
    'half-open-proxy',
    ['wso2/product-integrator-mi#2657', 'sockjs/sockjs-node#156'],
    'When a backend hangs up or dies, its client is not told.',
    {
      around({ state, event, step }) {
        const client = event.type === 'closed' ? state.byServer[event.conn] : undefined;
        const spliced = client !== undefined && state.pairs[client]?.spliced === true;
        return spliced
          ? without(step(), (e) => (e.type === 'close' || e.type === 'terminate') && e.conn === client)
          : step();
      },
    },
  ),
  bug(
    'balancer',
    'idle-by-one-direction',
    ['haproxy/haproxy#2280', 'nextcloud/HaRP#115'],
    'Only what a client sends counts against the idle time-out of a proxy.',
    {
      around({ state, event, step }) {
        const pair = event.type === 'frame' ? state.pairs[state.byServer[event.conn] ?? 0] : undefined;
        const active = pair?.lastActive;
        const effects = step();
        if (pair !== undefined && active !== undefined) pair.lastActive = active;
        return effects;
      },
    },
  ),
  bug(
    'balancer',
    'drained-backend-gets-more',
    'nginx/unit-docs#32',
    'A backend that an operator drains still gets new connections, and loses them at the deadline.',
    {
      around({ state, event, step }) {
        if (event.type !== 'incoming') return step();
        const draining = state.backends.map((backend) => backend.draining);
        for (const backend of state.backends) backend.draining = false;
        const effects = step();
        for (const [i, backend] of state.backends.entries()) backend.draining = draining[i] === true;
        return effects;
      },
    },
  ),
  bug(
    'balancer',
    'reload-without-grace',
    ['haproxy/haproxy#93', 'nginx/nginx-gateway-fabric#5524'],
    'A proxy that reloads cuts the connections of its old process off at once.',
    { around: ({ event, step }) => step(event.type === 'reload' ? { ...event, grace: 0 as Duration } : event) },
  ),
];
