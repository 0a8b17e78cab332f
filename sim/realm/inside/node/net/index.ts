/** `net`: TCP, whose kernel is the world (`lib/net.js`). */
import { callable } from '../callable.ts';
import { absent } from '../errors.ts';
import type { Any, Callback } from '../loose.ts';
import { isIPv4, isIPv6, normalized } from './address.ts';
import { Server } from './server.ts';
import { Socket } from './socket.ts';

const connect = (...args: Any[]): Socket => {
  const [options] = normalized(args);
  const socket = new Socket(options);
  if (options.timeout) socket.setTimeout(options.timeout);
  return socket.connect(...args);
};

export const net: Any = {
  Socket: callable(Socket),
  Stream: Socket,
  Server: callable(Server),
  connect,
  createConnection: connect,
  createServer: (options?: Any, listener?: Callback) => new Server(options, listener),
  isIP: (text: unknown) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0),
  isIPv4,
  isIPv6,
  getDefaultAutoSelectFamily: () => true,
  setDefaultAutoSelectFamily() {},
  getDefaultAutoSelectFamilyAttemptTimeout: () => 250,
  setDefaultAutoSelectFamilyAttemptTimeout() {},
  BlockList: class {
    constructor() {
      throw absent('net.BlockList');
    }
  },
};

export default net;
