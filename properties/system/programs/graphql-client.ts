/** A graphql-ws client that asks once, and listens to three events. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const client = createClient({ url: 'ws://server:8080/graphql', webSocketImpl: WebSocket });
const ask = (query: string): Promise<void> =>
  new Promise((done, fail) => {
    client.subscribe(
      { query },
      { next: (value) => console.log(JSON.stringify(value)), error: fail, complete: () => done() },
    );
  });
client.on('connected', () => console.log('connected'));
client.on('closed', (event) => console.log(`closed ${(event as { code: number }).code}`));
async function main(): Promise<void> {
  await ask('{ hello }');
  await ask('subscription { count(to: 3) }');
  console.log('done');
  await client.dispose();
}
void main();
