/**
 * What a browser tells a page of its tab, before it happens: that it is seen or not, is about to stand still, goes on, or
 * goes away (https://wicg.github.io/page-lifecycle). Only pages that have a browser around them (`browser` of a node) are told.
 */
import type { AnyEvent, Node } from '../core/kernel.ts';
import type { Scene } from './scene.ts';

/** Several faults may hide one tab; the page hears of the first and of the last. */
export function hide(scene: Scene, tab: Node): void {
  if (hears(tab) && scene.raise(`hidden/${tab.id}`)) scene.universe.intend(tab, { type: 'hidden' });
}

export function show(scene: Scene, tab: Node): void {
  if (hears(tab) && scene.lower(`hidden/${tab.id}`)) scene.universe.intend(tab, { type: 'shown' });
}

/** Frozen tabs that were told so; one that stands still already, as its device sleeps, hears nothing of it. */
const told = new WeakSet<Node>();

/** The tab takes no step from now on. A browser hides a tab long before it freezes it. */
export function freeze(scene: Scene, tab: Node, by: object): void {
  const { pauses } = scene.universe;
  hide(scene, tab);
  if (hears(tab) && scene.raise(`frozen/${tab.id}`) && !pauses.isHeld(tab)) {
    told.add(tab);
    scene.universe.intend(tab, { type: 'frozen' });
  }
  pauses.hold(tab, by, tab.spec.browser);
}

/** It goes on: the page hears of that before all that has waited for it. */
export function thaw(scene: Scene, tab: Node, by: object): void {
  const { universe } = scene;
  if (hears(tab) && scene.lower(`frozen/${tab.id}`) && told.delete(tab) && universe.pauses.isHeldBy(tab, by))
    universe.pauses.ahead(tab, () => universe.step(tab, { type: 'resumed' } satisfies AnyEvent));
  universe.pauses.release(tab, by);
  show(scene, tab);
}

/** The page is closed, or loaded again. One that stands still is thrown away without a word. */
export function goodbye(scene: Scene, tab: Node): void {
  if (hears(tab) && tab.up && !scene.universe.pauses.isHeld(tab)) scene.universe.step(tab, { type: 'unload' });
}

/** A page that is loaded in a hidden tab is hidden from its beginning. */
export function remind(scene: Scene, tab: Node): void {
  if (hears(tab) && tab.up && scene.isActive(`hidden/${tab.id}`)) scene.universe.intend(tab, { type: 'hidden' });
}

const hears = ({ spec }: Node): boolean => spec.browser !== undefined;
