/** What bugs do with what a machine says: they leave something out, change it, or add to it. */
import type { Message } from '../../src/session/services.ts';
import type { Frame, FrameType } from '../../src/session/wire/frames.ts';

type Said = { readonly type: string };

/** The effects without those. */
export const without = <F extends Said>(effects: readonly F[], drop: (effect: F) => boolean): readonly F[] =>
  effects.some(drop) ? effects.filter((effect) => !drop(effect)) : effects;

/** The effects, each of those changed. */
export const changed = <F extends Said>(effects: readonly F[], change: (effect: F) => F): readonly F[] =>
  effects.map(change);

/** Whether it sets, or clears, the timer of that name. */
export const sets = (effect: Said, timer: string): boolean =>
  effect.type === 'setTimer' && (effect as Said & { timer: string }).timer === timer;
export const clears = (effect: Said, timer: string): boolean =>
  effect.type === 'clearTimer' && (effect as Said & { timer: string }).timer === timer;

/** The frame of that type that comes with an event, or goes out with an effect; null for anything else. */
export function frameIn<T extends FrameType>(said: Said, type: T): Extract<Frame, { readonly type: T }> | null {
  if (said.type !== 'frame' && said.type !== 'send') return null;
  const { payload } = said as Said & { payload: Frame };
  return payload.type === type ? (payload as Extract<Frame, { readonly type: T }>) : null;
}

/** The message of that type that comes with an event; null for anything else. */
export function messageIn<T extends Message['type']>(
  event: Said,
  type: T,
): Extract<Message, { readonly type: T }> | null {
  if (event.type !== 'message') return null;
  const { message } = event as Said & { message: Message };
  return message.type === type ? (message as Extract<Message, { readonly type: T }>) : null;
}

/** The effects, and those behind them. */
export const plus = <F>(effects: readonly F[], ...more: readonly NoInfer<F>[]): readonly F[] => [...effects, ...more];
