/** Everything that a browser's tab has, put together. */
import type { Host, Port } from '../host.ts';
import { assemble } from './assemble.ts';
import { install as console } from './console.ts';
import { install as timers } from './timers.ts';

export function boot(host: Host): Port {
  return assemble(host, 'browser', [console, timers]);
}
