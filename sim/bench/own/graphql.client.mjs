import { createClient } from 'graphql-ws';
import { probe } from '../../system/probe.ts';

const client = createClient({
  url: 'ws://server/graphql',
  retryAttempts: 1_000_000,
  shouldRetry: () => true,
  keepAlive: 10_000,
  lazy: false,
  onNonLazyError: () => {},
});
const stop = client.subscribe(
  { query: 'subscription { ticks }' },
  { next: ({ data }) => probe.received('all', String(data?.ticks)), error: () => {}, complete: () => {} },
);

export const send = (text) => {
  client.subscribe(
    { query: 'mutation { send }', variables: { text } },
    { next: () => {}, error: () => {}, complete: () => {} },
  );
};
export const leave = () => {
  stop();
  void client.dispose();
};
