/** Everything that a Node process has, put together. */
import type { Host, Port } from '../host.ts';
import { assemble } from './assemble.ts';
import { install as console } from './console.ts';
import { install as node } from './node-life.ts';
import { install as platform } from './platform.ts';

export function boot(host: Host): Port {
  return assemble(host, 'node', [console, platform, node]);
}
