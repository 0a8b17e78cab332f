/** Life of a kind of fault that is the death of a process, after which a new one starts. */
import type { Duration } from '../../src/time.ts';
import type { Begun, FaultBase } from './kind.ts';
import type { Scene } from './scene.ts';

/** `how` may be a parameter of the fault; else the process dies, and its host lives on. */
type Death = FaultBase & { readonly lasts: Duration; readonly how?: 'process' | 'host' };

export const death = {
  duration: (fault: Death): Duration => fault.lasts,
  begin(scene: Scene, { target, how = 'process' }: Death): Begun {
    scene.crash(scene.node(target), how);
    return 'lasts';
  },
  end: (scene: Scene, { target }: Death): void => scene.revive(scene.node(target)),
};
