#!/usr/bin/env node
/**
 * Starts the command, or says in one line what a checkout lacks: a Node that is new enough, the dependencies, or the
 * build, which `npm ci --omit=dev` and `npm ci --ignore-scripts` leave out. Plain JavaScript, because it must run
 * before anything was built.
 */
import { existsSync } from 'node:fs';

// `npm run hunt` is a command of its own that lacks the same.
const hunts = process.argv[2] === 'hunt';
if (hunts) process.argv.splice(2, 1);
const built = new URL(`../../dist/sim/${hunts ? 'hunt' : 'cli'}/main.js`, import.meta.url);
const [major, minor] = process.versions.node.split('.').map(Number);

/** What is missing, or null. */
function missing() {
  if (major < 20 || (major === 20 && minor < 19)) return `expected Node 20.19 or later, got ${process.versions.node}`;
  if (!existsSync(built))
    return 'is not built (dist/ is missing): run `npm ci && npm run build`, without --omit=dev and --ignore-scripts';
  return null;
}

/** The process ends by itself, so that what was written arrives. */
function refuse(line, code = 2) {
  process.stderr.write(`hangup: ${line}\n`);
  process.exitCode = code;
}

const lack = missing();
if (lack !== null) refuse(lack);
else
  try {
    await import(built.href);
  } catch (error) {
    // A package of somebody else that is not there; a file of our own would be a bug.
    const name = /^Cannot find package '([^']+)'/.exec(error?.message ?? '')?.[1];
    if (error?.code === 'ERR_MODULE_NOT_FOUND' && name !== undefined)
      refuse(`its dependency ${name} is not installed: run \`npm ci\``);
    else refuse(`this is a bug of hangup, please report it: ${error?.stack ?? error}`, 70);
  }
