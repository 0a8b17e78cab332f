/**
 * How far an experiment is, on stderr: replications of how many, and about how long it still takes. On a terminal beside a
 * bar; elsewhere a line for every tenth. How many there will be is an estimate wherever precision decides.
 */
import { SingleBar } from 'cli-progress';
import { formatRounded } from '../../../src/time.ts';
import { count } from '../../report/words.ts';
import { type Sink, streams } from '../streams.ts';
import { displayed } from '../terminal.ts';

export interface LabProgress {
  /** So many replications are done, of so many as it looks now; `words` say what is under way. */
  show(done: number, expects: number, words: string): void;
  /** A line that stays, above the live figures. */
  say(line: string): void;
  end(): void;
}

/** `now` is a clock of milliseconds; what was done before it began costs nothing. */
export function labProgress(
  before: number,
  stream: Sink = streams().stderr,
  now: () => number = () => performance.now(),
): LabProgress {
  const begun = now();
  const leftAfter = (done: number, expects: number): string => {
    const made = done - before;
    if (made <= 0 || expects <= done) return '';
    return `, ${formatRounded(((now() - begun) / made) * (expects - done) * 1000)} left`;
  };
  return stream.isTTY ? bar(stream as NodeJS.WriteStream, leftAfter) : lines(stream, leftAfter);
}

type Left = (done: number, expects: number) => string;

function bar(stream: NodeJS.WriteStream, leftAfter: Left): LabProgress {
  const single = new SingleBar({
    stream,
    format: '{bar} {value}/{total} replications{left}  {words}',
    barsize: 20,
    hideCursor: true,
  });
  single.start(1, 0, { words: '', left: '' });
  let ended = false;
  return {
    show(done, expects, words) {
      single.setTotal(Math.max(done, expects, 1));
      single.update(done, { words: displayed(words), left: leftAfter(done, expects) });
    },
    say(text) {
      const line = displayed(text);
      stream.write(ended ? `${line}\n` : `\r\u001b[K${line}\n`);
    },
    end() {
      if (!ended) single.stop();
      ended = true;
    },
  };
}

function lines(stream: Sink, leftAfter: Left): LabProgress {
  let told = 0;
  let under = '';
  return {
    show(done, expects, words) {
      const tenth = Math.floor((done / Math.max(1, expects)) * 10);
      // Another round is told at once; otherwise what is expected may have grown, and tenths are told from there on.
      if (words !== under) told = Math.min(told, tenth - 1);
      else if (tenth < told) told = tenth;
      under = words;
      if (tenth <= told) return;
      told = tenth;
      const line = `${count(done)} of ${count(expects)} replications${leftAfter(done, expects)}: ${words}`;
      stream.write(`${displayed(line)}\n`);
    },
    say: (line) => void stream.write(`${displayed(line)}\n`),
    end() {},
  };
}
