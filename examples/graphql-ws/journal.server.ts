/** A server of graphql-ws over ws: a journal that anybody may write into, and anybody may follow. */
import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { probe } from 'hangup/probe';
import { WebSocketServer } from 'ws';

const followers = new Set<(entry: string) => void>();

/** What is written from now on. */
async function* follow(): AsyncGenerator<string> {
  const waiting: string[] = [];
  let wake = (): void => {};
  const add = (entry: string): void => {
    waiting.push(entry);
    wake();
  };
  followers.add(add);
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift()!;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    followers.delete(add);
  }
}

const roots = {
  query: { hello: () => 'there is a journal' },
  mutation: {
    write: ({ key }: { key: string }) => {
      probe.performed(key);
      add(`${key}\n`);
      return key;
    },
  },
  subscription: {
    entries: async function* () {
      for await (const entry of follow()) yield { entries: entry };
    },
  },
};

const add = (entry: string): void => {
  probe.produced('entries', entry);
  for (const tell of followers) tell(entry);
};

const http = createServer();
const schema = buildSchema(`
  type Query { hello: String }
  type Mutation { write(key: String!): String }
  type Subscription { entries: String }
`);
useServer({ schema, roots }, new WebSocketServer({ server: http, path: '/graphql' }));

http.listen(Number(process.env.PORT ?? 80));
