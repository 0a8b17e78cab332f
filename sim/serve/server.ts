/**
 * The server of a dashboard: one page, its events, and a replay page for each failing seed, on this machine only.
 *
 * It listens on 127.0.0.1, and answers only requests that name this machine as their host: a page of somebody else's that
 * has its own name point here (DNS rebinding) is told nothing. Nothing can be changed by a request.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OutputError, reasonOf } from '../cli/errors.ts';
import type { Live } from './live.ts';

/** What a dashboard shows; all of it is asked for when somebody looks. */
export interface Shows {
  live(): Live;
  /** The whole page as HTML. */
  page(): Promise<string>;
  /** The replay page of `scenario@seed`; null for one that this sweep has not found. */
  replay(run: string): Promise<string | null>;
}

export interface Dashboard {
  /** `http://127.0.0.1:4700/`. */
  readonly url: string;
  /** Tells every page that is open. */
  tell(): void;
  /** Whether any is. */
  isWatched(): boolean;
  end(): void;
}

/** Starts it on a port, 0 for any that is free. Throws `OutputError` for a port that cannot be had. */
export async function serve(port: number, shows: Shows): Promise<Dashboard> {
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    answer(request, response, shows, listeners).catch((error) => {
      if (!response.headersSent) response.writeHead(500, PLAIN);
      response.end(`${reasonOf(error)}\n`);
    });
  });
  await listening(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    tell() {
      if (listeners.size === 0) return;
      const message = eventOf(shows.live());
      for (const each of listeners) each.write(message);
    },
    isWatched: () => listeners.size > 0,
    end() {
      for (const each of listeners) each.end();
      server.close();
      server.closeAllConnections();
    },
  };
}

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new OutputError(`--serve ${port}: cannot listen (${reasonOf(error)})`)));
    server.listen(port, '127.0.0.1', resolve);
  });

const PLAIN = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
const HTML = { ...PLAIN, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
const EVENTS = { ...PLAIN, 'content-type': 'text/event-stream', 'cache-control': 'no-store' };

const eventOf = (live: Live): string => `data: ${JSON.stringify(live)}\n\n`;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  shows: Shows,
  listeners: Set<ServerResponse>,
): Promise<void> {
  const say = (status: number, text: string): void => {
    response.writeHead(status, PLAIN);
    response.end(`${text}\n`);
  };
  if (!isThisMachine(request.headers.host)) return say(403, 'expected 127.0.0.1 or localhost as the host');
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'expected GET');
  const path = (request.url ?? '/').split('?')[0] as string;
  if (path === '/') {
    const page = await shows.page();
    response.writeHead(200, HTML);
    response.end(request.method === 'HEAD' ? '' : page);
  } else if (path === '/events') {
    response.writeHead(200, EVENTS);
    response.write(eventOf(shows.live()));
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  } else if (path.startsWith('/replay/')) {
    const page = await shows.replay(named(path.slice('/replay/'.length)));
    if (page === null) return say(404, 'expected a failing seed of this sweep');
    response.writeHead(200, HTML);
    response.end(page);
  } else say(404, 'expected /, /events or /replay/SCENARIO@SEED');
}

/** A name from an address; what is no encoding of one names nothing. */
function named(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

const isThisMachine = (host: string | undefined): boolean =>
  /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '');
