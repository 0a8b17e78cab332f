/** Middleboxes that faults put in front of the far ends of links, and take away again. */
import type { Middlebox, Passage } from '../../core/middleboxes.ts';
import type { Scene } from '../../faults/scene.ts';

/** A box that a fault put up; `close`: it touches nothing new, and leaves when it is done with what it has. */
export interface FaultBox extends Middlebox {
  close(): void;
}

/** By scene, and by the number of the fault. */
const standing = new WeakMap<Scene, Map<number, FaultBox[]>>();

/** Puts a box in front of the far end of each of these links that this world has. */
export function putBoxes(
  scene: Scene,
  fault: number,
  links: readonly string[],
  make: (passage: Passage) => FaultBox,
): void {
  const boxes: FaultBox[] = [];
  for (const id of links) {
    const link = scene.universe.wiring.find(id);
    if (link !== undefined) boxes.push(scene.universe.middleboxes.put(link, make));
  }
  let faults = standing.get(scene);
  if (faults === undefined) {
    faults = new Map();
    standing.set(scene, faults);
  }
  faults.set(fault, boxes);
}

export function closeBoxes(scene: Scene, fault: number): void {
  for (const box of standing.get(scene)?.get(fault) ?? []) box.close();
  standing.get(scene)?.delete(fault);
}
