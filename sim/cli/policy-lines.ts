/** What was recognised in the file of a policy, on standard error: the format, and what the file says that a policy cannot. */
import { visible } from '../../src/visible.ts';
import { tell } from './terminal.ts';

export const tellPolicy = ([title = '', ...notes]: readonly string[]): void => {
  tell(visible(title));
  for (const note of notes) tell(`  ${visible(note)}`);
};
