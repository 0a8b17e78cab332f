/** Every kind of fault that can hit a world in which our protocol is spoken, in the order in which plans are drawn from them. */
import { catalogued } from '../faults/catalogue.ts';
import { type AnyKind, listed } from '../faults/kind.ts';
import { BALANCER_KINDS } from '../faults/kinds/balancer.ts';
import { CLIENT_KINDS } from '../faults/kinds/client.ts';
import { LINK_KINDS } from '../faults/kinds/link.ts';
import { PAGE_KINDS } from '../faults/kinds/page.ts';
import { PAUSE_KINDS } from '../faults/kinds/pause.ts';
import { SERVER_KINDS } from '../faults/kinds/server.ts';
import { TAB_KINDS } from '../faults/kinds/tab.ts';
import { AUTH_KINDS } from './faults/auth.ts';
import { CONSUMER_KINDS } from './faults/client.ts';
import { SERVICE_KINDS } from './faults/server.ts';
import { STORE_KINDS } from './faults/store.ts';

const { offline, addressChange, closeDuringConnect } = CLIENT_KINDS;
const { crash, drain, restart } = SERVER_KINDS;

export const SESSION_KINDS: readonly AnyKind[] = [
  ...listed(LINK_KINDS),
  ...listed({ offline, addressChange, ...CONSUMER_KINDS, closeDuringConnect }),
  ...listed(TAB_KINDS),
  ...listed(PAGE_KINDS),
  ...listed({ crash, drain, restart, ...SERVICE_KINDS }),
  ...listed(PAUSE_KINDS),
  ...listed(BALANCER_KINDS),
  ...listed(STORE_KINDS),
  ...listed(AUTH_KINDS),
];

export const SESSION_FAULTS = catalogued(SESSION_KINDS);
