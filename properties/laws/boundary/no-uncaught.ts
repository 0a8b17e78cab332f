/**
 * Law: no uncaught error. Every error is caught, and every rejection handled, by the code in which it arises.
 *
 * An error in a listener ends it half-way, and a server's process with it; a client that throws in the middle of its own
 * recovery does not recover. Where somebody's own handler takes what nobody caught (`process.on('uncaughtException')`,
 * `window.onerror` that prevents the default), it is caught.
 */
import { visible } from '../../../src/visible.ts';
import { law } from '../law.ts';

export const noUncaught = law<null>({
  name: 'no-uncaught',
  states: 'every error is caught, and every rejection handled',
  remember: () => null,
  on: {
    uncaught(_memory, { node, how, error, stack }, breach) {
      const what = how === 'error' ? 'threw an error that nobody caught' : 'rejected a promise that nobody handled';
      const where = placeIn(stack);
      breach(`${node} ${what}: ${visible(error)}${where === '' ? '' : ` (${where})`}.`);
    },
  },
});

/** The first place that a stack names. */
function placeIn(stack: string): string {
  const line = stack.split('\n').find((each) => /^\s*at /.test(each)) ?? '';
  return visible(line.trim());
}
