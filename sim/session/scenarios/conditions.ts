/** What scenarios draw besides faults: the client's network and the contents of the answers. */
import type { Content } from '../../../src/content.ts';
import { type SampleName, sample } from '../../content/samples.ts';
import type { Setting } from '../../core/scenario.ts';
import type { Network } from '../../networks/network.ts';
import { networkNamed } from '../../networks/presets.ts';

/** The networks that people reconnect on; every one has at most 10 % loss. */
const USUAL = [
  'wifi',
  'cable',
  'dsl',
  'lte',
  '4g',
  'slow-4g',
  '3g',
  '3g-lossy',
  'busy-wifi',
  'mobile-loss-10',
] as const;

/** The network of `--network`, or one that the seed draws. */
export function drawNetwork({ dice, network }: Setting, among: readonly string[] = USUAL): Network {
  return network ?? networkNamed(dice.pick('world/network', among));
}

/** The contents of `--input`, or these samples. */
export function contentsOf(setting: Setting, samples: readonly SampleName[]): readonly Content[] {
  return contentsFrom(setting, samples.map(sample));
}

/** The contents of `--input`, or these. */
export function contentsFrom({ input }: Setting, own: readonly Content[]): readonly Content[] {
  return renumbered(input ?? own);
}

const known = new WeakMap<readonly Content[], readonly Content[]>();
const combinations = new Map<string, readonly Content[]>();

/**
 * Chunks carry the number of their content, so contents are numbered by their place in the run; done once for each
 * combination, since all runs of a sweep share the chunks.
 */
function renumbered(contents: readonly Content[]): readonly Content[] {
  const seen = known.get(contents);
  if (seen !== undefined) return seen;
  const key = contents.map((content) => `${content.name}/${content.bytes.length}`).join('|');
  let result = combinations.get(key);
  if (result === undefined || result.some((content, i) => content.bytes !== contents[i]?.bytes)) {
    result = contents.map((content, number) => ({
      ...content,
      chunks: content.chunks.map((chunk) => ({ ...chunk, content: number })),
    }));
    combinations.set(key, result);
  }
  known.set(contents, result);
  return result;
}
