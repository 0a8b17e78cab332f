/**
 * The command called as a function, in a folder: what it says and its exit code, without a process for each. What is the
 * process's own (signals, pipes, a full disk) is tested on processes.
 */
import { command } from '../../sim/cli/command.ts';
import { plant } from './planted.ts';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `hangup` as it is called in that folder; one call at a time. */
export function calledIn(folder: string): (...args: readonly string[]) => Promise<Ended> {
  return async (...args) => {
    const before = process.cwd();
    process.chdir(folder);
    const said = { stdout: '', stderr: '' };
    const sink = (name: keyof typeof said) => ({
      write(text: string) {
        said[name] += text;
      },
    });
    try {
      const code = await command(args, { stdout: sink('stdout'), stderr: sink('stderr') });
      return { code, out: said.stdout, err: said.stderr };
    } finally {
      process.chdir(before);
    }
  };
}

/** The same with a law that no run keeps. */
export function plantedIn(folder: string): (...args: readonly string[]) => Promise<Ended> {
  const call = calledIn(folder);
  return async (...args) => {
    const remove = plant();
    try {
      return await call(...args);
    } finally {
      remove();
    }
  };
}
