/** A program of its own, whose process may die: a run that does not come back, where asynchronous calls are followed. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { watchdog } from '../../sim/realm/watchdog.ts';
import { alone } from './alone.ts';

const storage = new AsyncLocalStorage<string>();
alone('');
setImmediate(() =>
  storage.run('kept', () => {
    const code = 'const tick = () => void Promise.resolve().then(tick); setTimeout(tick, 15);';
    const { outcome } = alone(code, { around: watchdog(300) });
    console.log(outcome.verdict);
    setTimeout(() => console.log('alive'), 20);
  }),
);
