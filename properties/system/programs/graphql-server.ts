/** A graphql-ws server over `ws`: a query, and a subscription that counts. */
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const schema = buildSchema('type Query { hello: String } type Subscription { count(to: Int!): Int }');
const roots = {
  query: { hello: () => 'world' },
  subscription: {
    async *count({ to }: { to: number }) {
      for (let i = 1; i <= to; i++) {
        await new Promise((done) => setTimeout(done, 10));
        yield { count: i };
      }
    },
  },
};
const server = new WebSocketServer({ port: 8080, path: '/graphql' });
server.on('listening', () => console.log('listening'));
useServer(
  {
    schema,
    roots,
    onConnect: () => console.log('connect'),
    onSubscribe: (_context, id) => console.log(`subscribe ${id.length}`),
    onComplete: () => console.log('complete'),
    onDisconnect: (_context, code) => console.log(`disconnect ${code}`),
  },
  server,
);
