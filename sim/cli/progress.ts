/** Progress of a sweep on stderr: a bar on a terminal, plain lines elsewhere. */
import { SingleBar } from 'cli-progress';
import type { Progress } from '../explore/sweep.ts';

export interface Shown {
  show(progress: Progress): void;
  end(): void;
}

/** A bar on a terminal, a line every ten percent elsewhere. */
export function newProgress(runs: number): Shown {
  if (process.stderr.isTTY) {
    const bar = new SingleBar({
      stream: process.stderr,
      format: '{bar} {value}/{total} runs  {scenario}  broken {broken}  {eta_formatted} left',
      hideCursor: true,
    });
    bar.start(runs, 0, { scenario: '', broken: 0 });
    return { show: ({ done, scenario, broken }) => bar.update(done, { scenario, broken }), end: () => bar.stop() };
  }
  let told = 0;
  return {
    show({ done, scenario, broken }) {
      const tenth = Math.floor((done / runs) * 10);
      if (tenth <= told) return;
      told = tenth;
      process.stderr.write(`${done}/${runs} runs, ${scenario}, ${broken} broken\n`);
    },
    end() {},
  };
}
