/**
 * The examples are packages of their own, which find this one in `node_modules`, as a user's would: `npm ci` sees to that, and
 * whoever imports this does where it was not asked to.
 */
import { existsSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const link = `${root}node_modules/hangup`;

try {
  if (!existsSync(link)) symlinkSync(root, link, 'junction');
} catch (error) {
  // Somebody else was faster.
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}
