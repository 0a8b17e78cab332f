/** `hangup init`: writes the first file of a system for the modules that it is given. */

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { drafted } from '../system/draft/draft.ts';
import { EXIT, InputError, OutputError, reasonOf } from './errors.ts';
import { say, tell } from './terminal.ts';

export function init(modules: readonly string[]): number {
  const write = (path: string, text: string): void => {
    try {
      // Never over something that appeared meanwhile.
      writeFileSync(path, text, { flag: 'wx' });
    } catch (error) {
      throw new OutputError(`init: ${path}: cannot be written (${reasonOf(error)})`);
    }
    say(`wrote ${path}`);
  };
  let draft: ReturnType<typeof drafted>;
  try {
    draft = drafted(modules, write);
  } catch (error) {
    if (error instanceof OutputError) throw error;
    throw new InputError(`init: ${(error as Error).message.split('\n')[0]}`);
  }
  for (const note of draft.notes) tell(`note: ${note}`);
  if (!isInstalled()) tell('note: hangup is not installed in this project: npm install --save-dev hangup');
  say(`next: npx hangup explore ./${[...draft.files.keys()].at(-1)} --seeds 100`);
  return EXIT.holds;
}

/** Whether what was written finds `hangup/system`. */
function isInstalled(): boolean {
  try {
    createRequire(join(process.cwd(), 'init.js')).resolve('hangup/package.json');
    return true;
  } catch {
    return false;
  }
}
