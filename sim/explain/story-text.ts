/** A story as text, as the command prints it: each part under its name, with the place of each line in the run. */
import pc from 'picocolors';
import { formatInstant } from '../../src/time.ts';
import type { RunStory, StoryLine, StoryPart } from './story.ts';

const NAMES: Readonly<Record<StoryPart, string>> = {
  run: '',
  breach: '',
  plan: 'plan',
  parting: 'parts',
  chain: 'then',
  known: 'known',
  repeats: 'again',
};

export function storyText({ lines }: RunStory): readonly string[] {
  const placed = lines.filter(({ part }) => part !== 'run');
  const width = {
    at: Math.max(0, ...placed.map(({ at }) => (at === null ? 0 : formatInstant(at).length))),
    event: Math.max(0, ...placed.map(({ event }) => (event === null ? 0 : String(event).length + 1))),
    who: Math.max(2, ...lines.map(({ who }) => who.length)),
  };
  return lines.map((line, i) => textIn(line, lines[i - 1]?.part === line.part, width));
}

interface Width {
  readonly at: number;
  readonly event: number;
  readonly who: number;
}

function textIn({ part, at, event, who, text }: StoryLine, goesOn: boolean, width: Width): string {
  if (part === 'run') return pc.bold(at === null ? text : `at ${formatInstant(at)}, event #${event}: ${text}`);
  if (part === 'breach') return goesOn ? text : pc.red(text);
  const name = (goesOn ? '' : NAMES[part]).padEnd(5);
  if (part === 'plan') return `${name}  ${text}`;
  // What everybody knew at one moment says once when that was.
  const isSaid = at === null || (part === 'known' && goesOn);
  const place = isSaid ? '' : formatInstant(at);
  return `${name}  ${(isSaid ? '' : `#${event ?? ''}`).padStart(width.event)}  ${place.padStart(width.at)}  ${who.padEnd(width.who)}  ${text}`;
}
