/** What is asked outside any connection that the link follows: a client's request to another service, and its answer. */
import type { Context } from '../machine.ts';
import { after, type Duration } from '../time.ts';
import { repeated } from './tcp/handshake.ts';
import { cross } from './tcp/path.ts';
import type { LinkState } from './tcp/state.ts';
import { type LinkEffect, type LinkEvent, wayOf } from './vocabulary.ts';

/** It is repeated when lost, and gone when the path is cut. */
export function relay(
  state: LinkState,
  { end, to, message, bytes }: LinkEvent & { type: 'relay' },
  context: Context,
  effects: LinkEffect[],
): void {
  const path = state.paths[end];
  if (path.cut) return;
  const delay = (repeated(state, end, context.now, context) - context.now) as Duration;
  effects.push({ type: 'relayed', at: after(cross(path, wayOf(end), bytes, context), delay), to, message });
}
