/** How far the ends of a link are from each other, where that is not the same for all. */
import type { LinkConfig, PathConfig } from '../../../src/link/config.ts';
import { type Duration, plus } from '../../../src/time.ts';

/** How much longer than others the way between two nodes is, there and back, always. */
export type Farther = (ends: LinkConfig['ends']) => { readonly up: Duration; readonly down: Duration };

/** The link where its ends are as far from each other as they are in this world. */
export function apart(link: LinkConfig, farther: Farther | undefined): LinkConfig {
  if (farther === undefined) return link;
  const { up, down } = farther(link.ends);
  if (up === 0 && down === 0) return link;
  const longer = (path: PathConfig, by: Duration): PathConfig => ({ ...path, delay: plus(path.delay, by) });
  return { ...link, up: longer(link.up, up), down: longer(link.down, down) };
}
