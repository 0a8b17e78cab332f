/** What everybody is called in a storm: clients are numbers in the lab, and nodes in the universe. */
import type { NodeId } from '../../../src/machine.ts';
import { CONNS_PER_NODE, type ConnId } from '../../../src/transport.ts';

export const SERVER: NodeId = 's1';

export const nameOf = (client: number): NodeId => `c${client + 1}`;
export const linkOf = (client: number): NodeId => `${nameOf(client)}-${SERVER}`;
export const numberOf = (node: NodeId): number => Number(node.slice(1)) - 1;
export const isClient = (node: NodeId): boolean => node.startsWith('c');

/** Which client dialled a connection. */
export const diallerOf = (conn: ConnId): number => Math.floor(conn / CONNS_PER_NODE) - 1;
