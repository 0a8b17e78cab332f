/**
 * Runs the kernels written in JavaScript in a process each, as the others run: its own heap, collector and compiled code.
 * In one heap, a kernel pays for the garbage of the one before it. The process stays, so that its code stays compiled.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Kernel, Load, Sample } from '../workload.ts';

/** How long a new size runs before the first time that counts, in ms: about what it takes to compile everything. */
const WARM_UP = 250;

/** The kernel that `module` exports under the name `kernel`. */
export function isolated(name: string, module: URL, kernel: string): Kernel {
  // `fork` hands on the flags of this process, and with them the loader for TypeScript.
  const child = fork(fileURLToPath(import.meta.url), [module.href, kernel]);
  const rest = (): void => {
    child.unref();
    child.channel?.unref();
  };
  rest();
  return {
    name,
    run: (load) =>
      new Promise<Sample>((resolve, reject) => {
        const answered = (sample: unknown): void => settle(() => resolve(sample as Sample));
        const ended = (): void => settle(() => reject(new Error(`the process of ${name} ended`)));
        const settle = (answer: () => void): void => {
          child.off('message', answered).off('exit', ended);
          rest();
          answer();
        };
        // Only while an answer is awaited does the child keep this process alive.
        child.ref();
        child.channel?.ref();
        child
          .on('message', answered)
          .on('exit', ended)
          .send(load, (error) => error !== null && ended());
      }),
  };
}

async function serve(module: string, name: string): Promise<void> {
  const { [name]: kernel } = (await import(module)) as Record<string, Kernel>;
  if (kernel === undefined) throw new Error(`${module} exports no ${name}`);
  let warm = '';
  process.on('message', async (load: Load) => {
    // A sweep runs for minutes, so compiled code is what counts.
    const size = JSON.stringify(load);
    const start = performance.now();
    while (size !== warm && performance.now() - start < WARM_UP) await kernel.run(load);
    warm = size;
    process.send?.(await kernel.run(load));
  });
}

// This file is the child's program, too. Awaiting here would lock up a module that imports this one.
const [, program, module, kernel] = process.argv;
if (program === fileURLToPath(import.meta.url) && module !== undefined && kernel !== undefined) {
  void serve(module, kernel);
}
