/**
 * A program: one situation, as a client's script and what its server does. A script is an exported function of a module
 * in `programs/`; it is given where the server is, and its arguments. What it logs is compared between runners.
 */

export interface Script {
  /** A file in `programs/`, without its ending: `sockets.page` runs in a page, `ws.node` in a Node process. */
  readonly module: string;
  readonly call: string;
  readonly args: readonly unknown[];
}

/** What happens from outside: to the client's page, or to the server's process. */
export type Happening =
  | 'reload'
  | 'close tab'
  | 'hide'
  | 'show'
  | 'freeze'
  | 'resume'
  | 'offline'
  | 'online'
  | 'kill server'
  | 'SIGTERM server'
  | 'SIGTERM client';

export interface Program {
  /** Words and dashes; unique. */
  readonly name: string;
  /** The situation in a line. */
  readonly says: string;
  readonly client: Script;
  /** A second tab of the same client, which is opened some time after the first. */
  readonly tab?: Script;
  /** Without one nobody listens where the client dials. */
  readonly server?: Script;
  /** What happens, so many milliseconds after the client began. */
  readonly steps?: readonly (readonly [number, Happening])[];
  /** Whether every process goes on until it ends by itself, and how it ended is part of the log. */
  readonly ends?: boolean;
  /** A program that is not done after so long has failed; in milliseconds, `LIMIT` by default. */
  readonly limit?: number;
}

/** What each of them said, in order: `client`, `tab`, `server`. */
export type Logs = Readonly<Record<string, readonly string[]>>;

/** Behind `done`, so long is still listened, in milliseconds. */
export const GRACE = 250;

export const LIMIT = 15_000;

/** When the second tab opens, in milliseconds behind the first. */
export const TAB_AFTER = 300;

export const profileOf = (script: Script): 'browser' | 'node' => (script.module.endsWith('.page') ? 'browser' : 'node');

/** Where a client finds its server. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly ws: string;
  readonly http: string;
}

export const placeAt = (host: string, port: number): Place => ({
  host,
  port,
  ws: `ws://${host}:${port}`,
  http: `http://${host}:${port}`,
});

/** A line of a console that is part of the log, without its mark; else null. */
export function logged(line: string): string | null {
  return line.startsWith('log: ') ? line.slice('log: '.length) : null;
}

/** Where a server happened to listen is not part of what is compared. */
export function withoutPlace(line: string, { host, port }: Place): string {
  return line.replaceAll(`${host}:${port}`, 'HOST').replaceAll(String(port), 'PORT');
}
