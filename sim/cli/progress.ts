/**
 * Live figures of a sweep on stderr: runs, broken laws and the most so far of what the scenario is told by. On a terminal they stand beside a
 * bar; elsewhere they are plain lines, one for every tenth of the sweep.
 */
import { SingleBar } from 'cli-progress';
import { formatRounded } from '../../src/time.ts';
import type { Progress } from '../explore/sweep.ts';
import { shownIn } from './columns.ts';
import { type Sink, streams } from './streams.ts';
import { displayed } from './terminal.ts';

export interface Shown {
  show(progress: Progress): void;
  /** A line that stays, above the live figures. */
  say(line: string): void;
  end(): void;
}

/** What is shown of a sweep, in words. */
export function wordsOf({ scenario, broken, exhausted, ended, most }: Progress): string {
  return [
    scenario,
    `${broken} broken`,
    ...(exhausted > 0 ? [`${exhausted} out of budget`] : []),
    ...(ended > 0 ? [`${ended} without an outcome`] : []),
    ...(most === null ? [] : [`${most.figure.name} up to ${shownIn(most.figure.unit, most.value)} (${most.scenario})`]),
  ].join(', ');
}

export function newProgress(runs: number, stream: Sink = streams().stderr): Shown {
  const isEndless = !Number.isFinite(runs);
  if (stream.isTTY) return bar(runs, stream as NodeJS.WriteStream, isEndless ? ENDLESS : BAR);
  return isEndless ? minutes(stream) : lines(runs, stream);
}

const BAR = '{bar} {value}/{total} runs, {eta_formatted} left  {words}';
/** Of what has no end there is nothing left, and no share done. */
const ENDLESS = '{value} runs in {duration_formatted}  {words}';

function bar(runs: number, stream: NodeJS.WriteStream, format: string): Shown {
  const single = new SingleBar({
    stream,
    format,
    formatTime: (seconds) => formatRounded(seconds * 1_000_000),
    barsize: 20,
    hideCursor: true,
  });
  single.start(Number.isFinite(runs) ? runs : 1, 0, { words: '' });
  let ended = false;
  return {
    show: (progress) => single.update(progress.done, { words: wordsOf(progress) }),
    say(text) {
      const line = displayed(text);
      // The bar is drawn anew below it.
      stream.write(ended ? `${line}\n` : `\r\u001b[K${line}\n`);
    },
    end() {
      if (!ended) single.stop();
      ended = true;
    },
  };
}

/** A line a minute, at the most. */
function minutes(stream: Sink): Shown {
  const begun = performance.now();
  let told = begun;
  return {
    show(progress) {
      const now = performance.now();
      if (now - told < MINUTE_MS) return;
      told = now;
      stream.write(`${progress.done} runs in ${formatRounded((now - begun) * 1000)}, ${wordsOf(progress)}\n`);
    },
    say: (line) => void stream.write(`${displayed(line)}\n`),
    end() {},
  };
}

const MINUTE_MS = 60_000;

function lines(runs: number, stream: Sink): Shown {
  let told = 0;
  return {
    show(progress) {
      const tenth = Math.floor((progress.done / runs) * 10);
      if (tenth <= told) return;
      told = tenth;
      stream.write(`${progress.done}/${runs} ${runs === 1 ? 'run' : 'runs'}, ${wordsOf(progress)}\n`);
    },
    say: (line) => void stream.write(`${displayed(line)}\n`),
    end() {},
  };
}
