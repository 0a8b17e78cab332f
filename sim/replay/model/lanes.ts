/** Who has a lane: clients, balancers, servers with what lives on their hosts, stores and services; a herd shares its last one. */

import { clientOf } from '../../../src/history.ts';
import type { RecordedEntry } from '../../core/trail.ts';
import type { World } from '../../core/world.ts';
import type { Party } from './model.ts';

/** So many clients have a lane of their own, and so many of any other part. */
const CLIENTS = 6;
const OTHERS = 5;

export interface Lanes {
  readonly parties: readonly Party[];
  /** The lane of a node; -1 for a link. */
  of(node: string): number;
}

const ORDER = ['client', 'balancer', 'server'];
const rank = (role: string): number => (ORDER.indexOf(role) + ORDER.length + 1) % (ORDER.length + 1);

/** `first`: nodes that need a lane of their own, the most needed first. */
export function lanesOf(world: World, history: readonly RecordedEntry[], first: readonly string[]): Lanes {
  const links = new Set(world.links.map(({ node }) => node));
  const roles = new Map(world.nodes.map(({ id, role }) => [id, role]));
  const hosts = new Map(world.nodes.map(({ id, host }) => [id, host !== undefined && roles.has(host) ? host : id]));
  const talk = new Map<string, number>();
  for (const { node } of history) {
    const home = hosts.get(clientOf(node)) ?? clientOf(node);
    talk.set(home, (talk.get(home) ?? 0) + 1);
  }
  const homes = [...new Set(world.nodes.map(({ id }) => hosts.get(id) as string))].filter((id) => talk.has(id));
  const byRole = new Map<string, string[]>();
  for (const id of homes) {
    const role = roles.get(id) as string;
    byRole.set(role, [...(byRole.get(role) ?? []), id]);
  }
  const parties: Party[] = [];
  const laneOf = new Map<string, number>();
  for (const role of [...byRole.keys()].sort((a, b) => rank(a) - rank(b))) {
    const all = byRole.get(role) as string[];
    const most = role === 'client' ? CLIENTS : OTHERS;
    const need = (id: string): number =>
      (first.includes(id) ? first.length - first.indexOf(id) : 0) * 1e9 + (talk.get(id) ?? 0);
    const kept = all.length <= most ? all : [...all].sort((a, b) => need(b) - need(a)).slice(0, most - 1);
    for (const id of all) {
      if (!kept.includes(id)) continue;
      const beside = world.nodes.filter((each) => each.id !== id && hosts.get(each.id) === id).map((each) => each.id);
      laneOf.set(id, parties.length);
      parties.push({ id, role, with: beside, sub: beside.length === 0 ? role : `${role}, with ${beside.join(', ')}` });
    }
    const rest = all.filter((id) => !kept.includes(id));
    if (rest.length > 0) {
      for (const id of rest) laneOf.set(id, parties.length);
      parties.push({ id: `${rest.length} more`, role, with: rest, sub: `${role}s with the least to do here` });
    }
  }
  return {
    parties,
    of(node) {
      const known = laneOf.get(node);
      if (known !== undefined) return known;
      if (links.has(node)) return -1;
      const home = hosts.get(node) ?? clientOf(node);
      return laneOf.get(hosts.get(home) ?? home) ?? -1;
    },
  };
}
