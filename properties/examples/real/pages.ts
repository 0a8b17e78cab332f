/** Clients of an example as pages of a real browser, each with its own context. */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { startBrowser } from '../../report/browser.ts';

export interface Client {
  tell(call: string, args: readonly unknown[]): void;
  suspend(on: boolean): void;
  close(): Promise<void>;
}

type Say = (who: string, fact: string, first: string, second: string | null) => void;

/** Runs in the page, before everything else. */
const inside = (port: number): void => {
  const here = globalThis as unknown as Record<string | symbol, unknown> & {
    say(fact: string, first: string, second: string | null): void;
  };
  const text = (value: unknown): string | null =>
    value === null || typeof value === 'string' ? value : String.fromCharCode(...(value as Uint8Array));
  here[Symbol.for('hangup.probe')] = (fact: string, first: string, second: unknown) =>
    here.say(fact, first, text(second));
  addEventListener('error', (event) => here.say('uncaught', String(event.message), null));
  addEventListener('unhandledrejection', (event) => here.say('rejected', String(event.reason), null));
  const held = new Set<string>();
  for (const [set, clear, again] of [
    ['setTimeout', 'clearTimeout', false],
    ['setInterval', 'clearInterval', true],
  ] as const) {
    const [setIt, clearIt] = [
      here[set] as (run: () => void, delay: number, ...more: unknown[]) => number,
      here[clear] as (id: number) => void,
    ];
    here[set] = (run: (...all: unknown[]) => void, delay: number, ...more: unknown[]) => {
      const id = setIt(() => {
        if (!again) held.delete(`timer ${id}`);
        run(...more);
      }, delay);
      held.add(`timer ${id}`);
      return id;
    };
    here[clear] = (id: number) => {
      held.delete(`timer ${id}`);
      clearIt(id);
    };
  }
  here.held = () => [...held];
  let sockets = 0;
  here.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(String(url).replace(/^ws:\/\/server(:\d+)?/, `ws://127.0.0.1:${port}`), protocols);
      const name = `socket ${++sockets}`;
      held.add(name);
      here.say('dial', String(url), null);
      this.addEventListener('open', () => here.say('opened', '', null));
      this.addEventListener('error', () => here.say('error', '', null));
      this.addEventListener('close', (event) => {
        held.delete(name);
        here.say('closed', String(event.code), event.reason);
      });
    }
  };
};

/** `file` is the client's module as one script that leaves its exports in `example`. */
export const pages = async (names: readonly string[], file: string, port: number, say: Say): Promise<Client[]> => {
  const started = await startBrowser();
  if ('reason' in started) throw new Error(`no browser: ${started.reason}`);
  // A page from localhost is a secure context.
  const http = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>example</title>'),
  );
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  const script = readFileSync(file, 'utf8');
  let left = names.length;
  return Promise.all(
    names.map(async (name): Promise<Client> => {
      const context = await started.browser.newContext();
      const page = await context.newPage();
      await page.exposeBinding('say', (_, fact: string, first: string, second: string | null) =>
        say(name, fact, first, second),
      );
      // What tsx makes of a function with a name calls this.
      await page.addInitScript({ content: 'globalThis.__name = (named) => named' });
      await page.addInitScript(inside, port);
      await page.goto(`http://localhost:${(http.address() as { port: number }).port}/`);
      await page.addScriptTag({ content: script });
      return {
        tell(call, args) {
          void page.evaluate(
            ([call, args]) => {
              const here = globalThis as unknown as {
                held(): string[];
                say(fact: string, first: string, second: string): void;
                example: Record<string, (...all: unknown[]) => unknown>;
              };
              if (call === 'held?') here.say('held', `${here.held().length}`, here.held().join(', '));
              else return void here.example[call as string]?.(...(args as unknown[]));
            },
            [call, args] as const,
          );
        },
        suspend() {
          throw new Error('suspend: a page of this browser cannot be frozen from here');
        },
        async close() {
          left -= 1;
          await context.close();
          if (left > 0) return;
          await started.browser.close();
          http.close();
        },
      };
    }),
  );
};
