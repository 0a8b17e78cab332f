/** A page that follows a journal and writes into it, all over one socket of graphql-ws. */
import { createClient } from 'graphql-ws';
import { probe } from 'hangup/probe';

const client = createClient({
  url: 'ws://server/graphql',
  // By default an error event is fatal, and a fifth failure, too: most people set both.
  ...(process.env.RETRY === 'default' ? {} : { shouldRetry: () => true, retryAttempts: Number.POSITIVE_INFINITY }),
  // As the documentation of `keepAlive` proposes: who does not answer a ping is hung up on.
  keepAlive: 5_000,
  on: {
    ping: (received) => {
      if (!received) silence = setTimeout(() => client.terminate(), 5_000);
    },
    pong: (received) => {
      if (received) clearTimeout(silence);
    },
    closed: () => clearTimeout(silence),
  },
});
let silence: ReturnType<typeof setTimeout> | undefined;

const stop = client.subscribe<{ entries: string }>(
  { query: 'subscription { entries }' },
  {
    next: ({ data }) => probe.received('entries', data!.entries),
    error: (error) => probe.told('subscription', String((error as { reason?: string }).reason ?? error)),
    complete: () => probe.note('the subscription is complete'),
  },
);

export const write = (key: string): void => {
  probe.submitted(key);
  client.subscribe(
    { query: 'mutation ($key: String!) { write(key: $key) }', variables: { key } },
    {
      next: ({ errors }) => probe.settled(key, errors ? 'failed' : 'done'),
      error: () => probe.settled(key, 'unknown'),
      complete: () => {},
    },
  );
};

export const leave = (): void => {
  stop();
  void client.dispose();
};
