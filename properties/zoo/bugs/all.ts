/** Every planted bug, in the order in which tables show them. */
import type { Bug } from '../bug.ts';
import { CLIENT_CONNECTIONS } from './client-connections.ts';
import { CLIENT_PACE } from './client-pace.ts';
import { CLIENT_SENDS } from './client-sends.ts';
import { CLIENT_STREAMS } from './client-streams.ts';
import { HELD_OUT } from './held-out.ts';
import { OTHERS } from './others.ts';
import { SERVER } from './server.ts';
import { STORE } from './store.ts';

export const BUGS: readonly Bug[] = [
  ...CLIENT_CONNECTIONS,
  ...CLIENT_PACE,
  ...CLIENT_SENDS,
  ...CLIENT_STREAMS,
  ...SERVER,
  ...STORE,
  ...OTHERS,
  ...HELD_OUT,
];
