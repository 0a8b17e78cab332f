/** A module that runs as a server: in a Node process, which a supervisor starts again. */
import { ms, seconds } from '../../src/time.ts';
import type { Supervision } from '../core/world.ts';
import type { Part } from './definition.ts';
import { type NodeOptions, nodeProcess } from './node-process.ts';
import { type ProcessConfig, processMachine } from './process.ts';

/** `RestartSec=`, `DefaultStartLimitBurst=` and `DefaultStartLimitIntervalSec=` of systemd, as it comes (systemd-system.conf(5)). */
const SUPERVISED: Supervision = { after: ms(100), starts: 5, within: seconds(10) };

/** It runs from the beginning on. */
export function nodePart(module: ProcessConfig['module'], options: NodeOptions = {}): Part {
  const config: ProcessConfig<NodeOptions> = { profile: 'node', module, platform: nodeProcess, options };
  return { machine: SERVER as never, config, quiesces: true, supervised: SUPERVISED };
}

const SERVER = processMachine('server');
