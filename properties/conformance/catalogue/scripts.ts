/** Short forms of what many programs have: a page's socket, and a server that is a list of steps. */
import type { Program, Script } from '../program.ts';

export type Step = readonly [string, ...unknown[]];
type More = Omit<Program, 'name' | 'says' | 'client' | 'server'>;

export const script = (module: string, call: string, ...args: readonly unknown[]): Script => ({ module, call, args });

/** A server of plain TCP that carries out these steps with each connection. */
export const raw = (...steps: readonly Step[]): Script => script('raw', 'raw', [steps]);

/** The same, once the upgrade is answered. */
export const accepted = (...steps: readonly Step[]): Script => raw(['head'], ['accept'], ...steps);

/** The same with scripts of its own for each connection. */
export const each = (...scripts: readonly (readonly Step[])[]): Script => script('raw', 'raw', scripts);

/** A server of the published `ws`. */
export const ws = (call: string, ...args: readonly unknown[]): Script => script('ws.server', call, ...args);

export const program = (name: string, says: string, client: Script, server?: Script, more: More = {}): Program => ({
  name,
  says,
  client,
  ...(server === undefined ? {} : { server }),
  ...more,
});

export const page = (call: string, ...args: readonly unknown[]): Script => script('sockets.page', call, ...args);
