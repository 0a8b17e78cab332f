/** `http`, and `https`, which is the same here: nothing is encrypted. */

import { callable } from '../callable.ts';
import { absent } from '../errors.ts';
import type { Any, Callback } from '../loose.ts';
import { Agent, agents } from './agent.ts';
import { ClientRequest } from './client.ts';
import { validateHeaderName, validateHeaderValue } from './headers.ts';
import { IncomingMessage } from './incoming.ts';
import { OutgoingMessage } from './outgoing.ts';
import { Server } from './server.ts';
import { ServerResponse } from './server-response.ts';
import { METHODS, STATUS_CODES } from './status.ts';

const request = (...args: Any[]): ClientRequest => new ClientRequest(args[0], args[1], args[2]);
const get = (...args: Any[]): ClientRequest => {
  const its = request(...args);
  its.end();
  return its;
};

const shared = {
  Agent: callable(Agent),
  Server: callable(Server),
  createServer: (options?: Any, listener?: Callback) => new Server(options, listener),
  get globalAgent() {
    return agents.global;
  },
  set globalAgent(agent: Agent) {
    agents.global = agent;
  },
};

export const http: Any = Object.defineProperties(
  {
    ClientRequest,
    IncomingMessage: callable(IncomingMessage),
    OutgoingMessage,
    ServerResponse: callable(ServerResponse),
    METHODS: [...METHODS],
    STATUS_CODES: { ...STATUS_CODES },
    _connectionListener: () => {
      throw absent('http._connectionListener');
    },
    maxHeaderSize: 16_384,
    validateHeaderName,
    validateHeaderValue,
    setMaxIdleHTTPParsers() {},
    request,
    get,
  },
  Object.getOwnPropertyDescriptors(shared),
);

/** An agent for `https:` URLs: they lead to the same port as always, and are spoken in the clear. */
class SecureAgent extends Agent {
  override defaultPort = 443;
  override protocol = 'https:';
}
const secureAgent = { global: new SecureAgent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 }) };
const secure = (args: Any[]): Any[] => {
  const at = args.findIndex((each, i) => i > 0 && typeof each === 'object' && each !== null);
  const isFirst = typeof args[0] === 'object' && args[0] !== null && !(args[0] instanceof (globalThis as Any).URL);
  const options = { _defaultAgent: secureAgent.global };
  if (isFirst) return [{ ...options, ...args[0] }, ...args.slice(1)];
  if (at > 0) return args.map((each, i) => (i === at ? { ...options, ...each } : each));
  return [args[0], options, ...args.slice(1)];
};

export const https: Any = {
  Agent: callable(SecureAgent),
  Server: shared.Server,
  createServer: shared.createServer,
  get globalAgent() {
    return secureAgent.global;
  },
  request: (...args: Any[]) => request(...secure(args)),
  get: (...args: Any[]) => get(...secure(args)),
};
export default http;
