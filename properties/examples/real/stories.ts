/** What each example's clients do in a run over real sockets. */

export interface Story {
  readonly client: string;
  readonly server: string;
  /** Milliseconds between two calls of a client, and what is called with what. */
  readonly every: number;
  readonly call: (client: string, n: number) => readonly [name: string, ...args: unknown[]];
  /** What is called before a client leaves. */
  readonly last?: readonly [name: string, ...args: unknown[]];
}

export const STORIES: Readonly<Record<string, Story>> = {
  chat: {
    client: 'chat.client.ts',
    server: 'chat.server.ts',
    every: 700,
    call: (client, n) => ['say', `${client} says ${n}`],
  },
  reconnecting: {
    client: 'reconnecting.client.ts',
    server: 'notes.server.ts',
    every: 700,
    call: (client, n) => ['write', `${client} writes ${n}`],
  },
  socketio: {
    client: 'lines.client.ts',
    server: 'lines.server.ts',
    every: 700,
    call: (client, n) => ['say', `${client} says ${n}`],
  },
  'graphql-ws': {
    client: 'journal.client.ts',
    server: 'journal.server.ts',
    every: 700,
    call: (client, n) => ['write', `${client} writes ${n}`],
  },
  yjs: {
    client: 'document.client.ts',
    server: 'document.server.ts',
    every: 700,
    call: (client, n) => ['insert', `${client} inserts ${n}`],
    last: ['show'],
  },
};
