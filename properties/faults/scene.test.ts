/** The scene of faults: overlapping ones on one target, in a world of machines that write down what they hear. */
import { describe, expect, test } from 'vitest';
import { at } from '../../src/time.ts';
import { staged } from './stage.ts';

describe('a process', () => {
  test('comes back with its agent when the last fault that keeps it down is over', () => {
    const { scene, server, agent, heard, revive } = staged();
    scene.crash(server, 'process');
    scene.crash(server, 'host');
    revive(server);
    expect([server.up, agent.up]).toEqual([false, false]);
    // One that is replaced at once while another fault keeps it down stays down.
    scene.restart(server);
    expect(server.up).toBe(false);
    // Nor does anybody hear what an operator says.
    scene.tell(server, { type: 'order' });
    expect(heard()).toEqual([]);
    revive(server);
    expect(heard()).toEqual(['agent1: started', 's1: started']);
    scene.tell(server, { type: 'order' });
    expect(heard()).toEqual(['s1: order']);
  });

  test('that dies in a drain ends the drain, once; one that exits does not', () => {
    const { scene, server, revive, abandoned } = staged();
    scene.awaitExit(server, 7);
    scene.crash(server, 'process');
    scene.crash(server, 'process');
    expect(scene.awaitsExit(server)).toBe(false);
    revive(server);
    revive(server);
    scene.crash(server, 'process');
    expect(abandoned).toEqual([7]);
    revive(server);
    scene.awaitExit(server, 8);
    expect(scene.exited(server)).toBe(8);
    scene.crash(server, 'exit');
    expect(scene.exited(server)).toBeUndefined();
    expect(abandoned).toEqual([7]);
  });
});

describe('troubles of one name', () => {
  const slow = (by: string) => ({ type: 'slow', by });
  const calm = slow('nothing');

  test('are a pile: the newest holds, whichever ends first', () => {
    const { scene, server, heard } = staged();
    const { troubles } = scene;
    const both = (): void => {
      troubles.begin(server, 'slow', 1, slow('one'));
      troubles.begin(server, 'slow', 2, slow('two'));
      expect(heard()).toEqual(['s1: slow one', 's1: slow two']);
    };
    both();
    troubles.end(server, 'slow', 1, calm);
    expect(heard()).toEqual([]);
    troubles.end(server, 'slow', 2, calm);
    expect(heard()).toEqual(['s1: slow nothing']);
    both();
    troubles.end(server, 'slow', 2, calm);
    expect(heard()).toEqual(['s1: slow one']);
    troubles.end(server, 'slow', 1, calm);
    troubles.end(server, 'slow', 1, calm);
    expect(heard()).toEqual(['s1: slow nothing']);
  });

  test('are told to each new process, the newest of each name, and to its agent; to a dead one nothing is', () => {
    const { scene, server, agent, heard, revive } = staged();
    const { troubles } = scene;
    troubles.begin(server, 'slow', 1, slow('one'));
    troubles.begin(server, 'slow', 2, slow('two'));
    troubles.begin(agent, 'stall', 3, { type: 'stall' });
    scene.crash(server, 'process');
    heard();
    troubles.begin(server, 'clock', 4, { type: 'clock' });
    troubles.begin(server, 'origins', 5, { type: 'origins' });
    troubles.end(server, 'origins', 5, { type: 'origins' });
    expect(heard()).toEqual([]);
    revive(server);
    expect(heard()).toEqual(['agent1: started', 'agent1: stall', 's1: started', 's1: slow two', 's1: clock']);
  });
});

test('a link is cut in each direction until the last cut of that direction is over', () => {
  const { scene, link, heard } = staged();
  scene.cut(link, 'both', true);
  scene.cut(link, 'up', true);
  expect(heard()).toEqual(['c1-lb: cut up', 'c1-lb: cut down']);
  scene.cut(link, 'both', false);
  expect(heard()).toEqual(['c1-lb: heal down']);
  scene.cut(link, 'up', false);
  expect(heard()).toEqual(['c1-lb: heal up']);
});

test('a page that is loaded again twice over is there once, and is told when its device is offline', () => {
  const { scene, client, heard, pages } = staged();
  scene.unload(client, true);
  scene.unload(client, false);
  expect(heard()).toEqual(['c1-lb: endDown']);
  scene.load(client, () => client.state, true);
  expect(heard()).toEqual([]);
  scene.load(client, () => client.state, true);
  expect(heard()).toEqual(['c1-lb: endUp', 'c1: started', 'c1: offline']);
  expect(pages).toEqual(['c1 gone true', 'c1 gone false', 'c1 back']);
});

test('dials are watched of one node, for each fault until it wants no more', () => {
  const { scene, witness } = staged();
  const seen: string[] = [];
  const dial = (node: string, conn: number): void =>
    witness.on.dialled?.write({ at: at(0), node, event: 1, kind: 'dialled', conn, to: 'lb' });
  scene.watchDials(1, 'c1', (conn) => seen.push(`1 sees ${conn}`));
  scene.watchDials(2, 'c1', (conn) => seen.push(`2 sees ${conn}`));
  dial('c1', 5);
  dial('c2', 6);
  scene.unwatchDials(1);
  dial('c1', 7);
  expect(seen).toEqual(['1 sees 5', '2 sees 5', '2 sees 7']);
});
