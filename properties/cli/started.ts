/**
 * The command in a process of its own, as it is built: for what is the process's own, such as signals, pipes, streams that
 * fail, and being killed. From source a start takes four times as long.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Ended } from './called.ts';

const built = new URL('../../dist/', import.meta.url);

/** Arguments of Node for the command. */
export const COMMAND: readonly string[] = [fileURLToPath(new URL('sim/cli/main.js', built))];

/** The law of `planted.ts`, in the modules of the build. */
const PLANTED_LAW = `
import { LAWS } from '${new URL('properties/laws/session/all.js', built)}';
LAWS.push({
  name: 'planted',
  states: 'no client is ever given a session',
  remember: () => null,
  on: { restored: (_, { node, session }, breach) => breach(node + ' was given session ' + session + '.') },
});`;

/** The same with a law that no run keeps. */
export const PLANTED: readonly string[] = [
  '--import',
  `data:text/javascript,${encodeURIComponent(PLANTED_LAW)}`,
  ...COMMAND,
];

/** Without the colours of a CI service. */
export const ENVIRONMENT = { ...process.env, NO_COLOR: '1' };

/** `hangup` as it is called in that folder, until it ends. */
export function startedIn(folder: string, command = COMMAND): (...args: readonly string[]) => Ended {
  return (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...args], {
      ...{ cwd: folder, env: ENVIRONMENT, encoding: 'utf8' },
    });
    return { code: status, out: stdout, err: stderr };
  };
}
