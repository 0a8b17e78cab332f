/** `process.stdout` and `process.stderr`: lines of the console. */
import { EventEmitter } from './events.ts';
import { life } from './life.ts';
import type { Any, Callback } from './loose.ts';
import { nextTick } from './ticks.ts';

/** What a program writes to a standard stream is lines of the console. */
export function output(level: string, fd: number): Any {
  let line = '';
  const stream = new EventEmitter();
  return Object.assign(stream, {
    fd,
    writable: true,
    isTTY: false,
    write(text: unknown, encoding?: unknown, done?: unknown) {
      const said = typeof text === 'string' ? text : (text as Any).toString('utf8');
      const lines = (line + said).split('\n');
      line = lines.pop() as string;
      for (const each of lines) life.host.console(level, each);
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') nextTick(callback as Callback);
      return true;
    },
    end(text?: unknown) {
      if (text !== undefined && typeof text !== 'function') (stream as Any).write(text);
    },
    cork() {},
    uncork() {},
    hasColors: () => false,
    getColorDepth: () => 1,
  });
}
