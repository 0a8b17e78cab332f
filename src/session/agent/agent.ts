/**
 * The agent: the process beside a server that produces the answers, chunk by chunk, at its own pace.
 *
 * It has no durable state of its own: the store's log is what it has said. An agent that takes over an answer goes on
 * behind the durable head; what a dead agent had thought of and not made durable never existed. Appends are bounded: when
 * the store does not answer, the agent pauses, and after a while sends again from the head.
 */
import type { Chunk } from '../../content.ts';
import { between, type Context, type Machine, NOTHING } from '../../machine.ts';
import type { MessageEvent, PostEffect } from '../../post.ts';
import { after, type Instant, us } from '../../time.ts';
import type { TimerEffect, TimerEvent } from '../../transport.ts';
import type { WorldEffect } from '../application.ts';
import type { Message } from '../services.ts';
import type { AgentConfig } from './config.ts';
import { callsTool, noteOf } from './work.ts';

export type AgentEvent =
  | MessageEvent<Message>
  | TimerEvent
  | { readonly type: 'started' }
  /** It thinks of nothing more, or goes on: a model that hangs while every connection lives. */
  | { readonly type: 'stall'; readonly on: boolean };
export type AgentEffect = PostEffect<Message> | TimerEffect | Extract<WorldEffect, { type: 'produce' }>;

/** One answer in the making. */
interface Job {
  session: number;
  stream: number;
  epoch: number;
  content: number;
  /** The session's generation under which it writes. */
  generation: number;
  /** Last chunk thought of (and sent to the store), last chunk durable. */
  produced: number;
  head: number;
  /** The store fenced it: it waits for a newer generation, or for the word to stop. */
  fenced: boolean;
}

export interface AgentState {
  readonly config: AgentConfig;
  jobs: Record<number, Job>;
  /** Jobs of a session, by stream: session -> stream -> number of the job. */
  sessions: Record<number, Record<number, number>>;
  nextJob: number;
  stalled: boolean;
}

export const agent: Machine<AgentConfig, AgentState, AgentEvent, AgentEffect> = {
  kind: 'agent',
  init: (config) => ({ config, jobs: {}, sessions: {}, nextJob: 1, stalled: false }),
  step(state: AgentState, event: AgentEvent, context: Context) {
    if (event.type === 'timer') {
      const job = state.jobs[event.key];
      if (job === undefined) return NOTHING;
      if (event.timer === 'chunk') return think(state, job, event.key, context);
      return event.timer === 'append' ? again(state, job, event.key, context.now) : NOTHING;
    }
    if (event.type === 'stall') return stall(state, event.on, context.now);
    return event.type === 'message' ? hear(state, event.message, context) : NOTHING;
  },
};

function hear(state: AgentState, message: Message, context: Context): readonly AgentEffect[] {
  switch (message.type) {
    case 'appended': {
      const number = state.sessions[message.session]?.[message.stream];
      const job = number === undefined ? undefined : state.jobs[number];
      if (number === undefined || job === undefined || job.epoch !== message.epoch) return NOTHING;
      return durable(state, job, number, message.head, context);
    }
    case 'generate':
      return generate(state, message, context);
    // The session is gone at the store: nobody will ever read what it says.
    case 'expired':
    case 'stop':
      return stop(state, message.session);
    case 'fenced': {
      for (const stream in state.sessions[message.session] ?? {}) {
        const job = state.jobs[state.sessions[message.session]?.[stream] ?? 0];
        if (job !== undefined && job.generation < message.generation) job.fenced = true;
      }
      return NOTHING;
    }
    default:
      return NOTHING;
  }
}

/** A stalled agent still repeats what the store has not confirmed; it goes on with all its answers where it stopped. */
function stall(state: AgentState, on: boolean, now: Instant): readonly AgentEffect[] {
  if (state.stalled === on) return NOTHING;
  state.stalled = on;
  if (on) return NOTHING;
  const effects: AgentEffect[] = [];
  for (const key in state.jobs)
    effects.push({ type: 'setTimer', timer: 'chunk', key: Number(key), at: after(now, state.config.chunkInterval) });
  return effects;
}

/** Starts an answer, or takes note of the newer generation of one that is under way. */
function generate(
  state: AgentState,
  message: Message & { type: 'generate' },
  context: Context,
): readonly AgentEffect[] {
  const { session, stream, epoch, content, generation, head } = message;
  const known = state.sessions[session]?.[stream];
  const job = known === undefined ? undefined : state.jobs[known];
  if (known !== undefined && job !== undefined) {
    if (job.epoch === epoch) {
      if (generation < job.generation) return NOTHING;
      const wasFenced = job.fenced;
      job.generation = generation;
      job.fenced = false;
      if (head > job.head) job.head = head;
      if (job.produced < job.head) job.produced = job.head;
      return wasFenced ? again(state, job, known, context.now) : NOTHING;
    }
    if (epoch < job.epoch) return NOTHING;
    drop(state, known);
  }
  const chunks = state.config.contents[content];
  if (chunks === undefined || head >= chunks.length) return NOTHING;
  const number = state.nextJob++;
  state.jobs[number] = { session, stream, epoch, content, generation, produced: head, head, fenced: false };
  const streams = state.sessions[session];
  if (streams === undefined) state.sessions[session] = { [stream]: number };
  else streams[stream] = number;
  const wait = head === 0 ? state.config.firstChunk : pause(state, content, head + 1, context);
  return [{ type: 'setTimer', timer: 'chunk', key: number, at: after(context.now, us(wait)) }];
}

function stop(state: AgentState, session: number): readonly AgentEffect[] {
  const effects: AgentEffect[] = [];
  const streams = state.sessions[session] ?? {};
  for (const stream in streams) {
    const number = streams[stream] as number;
    effects.push(
      { type: 'clearTimer', timer: 'chunk', key: number },
      { type: 'clearTimer', timer: 'append', key: number },
    );
    delete state.jobs[number];
  }
  delete state.sessions[session];
  return effects;
}

function drop(state: AgentState, number: number): void {
  const job = state.jobs[number];
  if (job === undefined) return;
  delete state.jobs[number];
  const streams = state.sessions[job.session];
  if (streams === undefined) return;
  delete streams[job.stream];
  for (const _ in streams) return;
  delete state.sessions[job.session];
}

/** The timer `chunk`: the next chunk comes to mind, and goes to the store if there is room. */
function think(state: AgentState, job: Job, number: number, context: Context): readonly AgentEffect[] {
  const { config } = state;
  const chunks = config.contents[job.content] as readonly Chunk[];
  // A stall, a full window, or a fence, stops the thinking; the answer that ends it goes on.
  if (state.stalled || job.fenced || job.produced >= chunks.length || job.produced - job.head >= config.appendsMax)
    return NOTHING;
  job.produced++;
  const { session, stream, epoch, generation, produced: seq } = job;
  const chunk = chunkAt(config, job.content, seq);
  const effects: AgentEffect[] = [
    { type: 'produce', session, stream, epoch, seq, chunk },
    {
      type: 'post',
      to: config.store,
      message: {
        type: 'append',
        session,
        generation,
        stream,
        epoch,
        seq,
        chunk,
        note: noteOf(config.work, stream, seq, chunk),
      },
    },
  ];
  if (seq < chunks.length)
    effects.push({
      type: 'setTimer',
      timer: 'chunk',
      key: number,
      at: after(context.now, us(pause(state, job.content, seq + 1, context))),
    });
  if (seq - job.head === 1)
    effects.push({ type: 'setTimer', timer: 'append', key: number, at: after(context.now, config.appendTimeout) });
  return effects;
}

/** The store made everything up to `head` durable, or says where its log really ends. */
function durable(state: AgentState, job: Job, number: number, head: number, context: Context): readonly AgentEffect[] {
  const { config } = state;
  const full = job.produced - job.head >= config.appendsMax;
  if (head > job.head) job.head = head;
  if (job.produced < head) job.produced = head;
  const length = (config.contents[job.content] as readonly Chunk[]).length;
  if (job.head >= length) {
    drop(state, number);
    return [
      { type: 'clearTimer', timer: 'append', key: number },
      { type: 'clearTimer', timer: 'chunk', key: number },
    ];
  }
  const effects: AgentEffect[] = [];
  if (job.produced > job.head)
    effects.push({ type: 'setTimer', timer: 'append', key: number, at: after(context.now, config.appendTimeout) });
  else effects.push({ type: 'clearTimer', timer: 'append', key: number });
  if (full && job.produced - job.head < config.appendsMax)
    effects.push({
      type: 'setTimer',
      timer: 'chunk',
      key: number,
      at: after(context.now, us(pause(state, job.content, job.produced + 1, context))),
    });
  return effects;
}

/** The timer `append`, or the end of a fence: what is not known to be durable is sent again. */
function again(state: AgentState, job: Job, number: number, now: Instant): readonly AgentEffect[] {
  if (job.fenced) return NOTHING;
  const { config } = state;
  const { session, stream, epoch, generation } = job;
  const effects: AgentEffect[] = [];
  for (let seq = job.head + 1; seq <= job.produced; seq++) {
    const chunk = chunkAt(config, job.content, seq);
    const note = noteOf(config.work, stream, seq, chunk);
    const message: Message = { type: 'append', session, generation, stream, epoch, seq, chunk, note };
    effects.push({ type: 'post', to: config.store, message });
  }
  if (job.produced > job.head)
    effects.push({ type: 'setTimer', timer: 'append', key: number, at: after(now, config.appendTimeout) });
  // A fence may have swallowed the timer that makes the next chunk.
  effects.push({ type: 'setTimer', timer: 'chunk', key: number, at: after(now, config.chunkInterval) });
  return effects;
}

/** Before chunk `seq`: half to one and a half of the mean, and the time of the tool that it waits for. */
const pause = ({ config }: AgentState, content: number, seq: number, context: Context): number => {
  const mean = config.chunkInterval;
  const thought = between(context.random('pace'), Math.floor(mean / 2), Math.floor((mean * 3) / 2));
  const { length } = config.contents[content] as readonly Chunk[];
  return callsTool(config.work, seq, length) ? thought + (config.work?.toolTime ?? 0) : thought;
};

/** The content's own chunk: through a draft it would be a proxy, and this one is a value of the configuration. */
const chunkAt = (config: AgentConfig, content: number, seq: number): Chunk =>
  (config.contents[content] as readonly Chunk[])[seq - 1] as Chunk;
