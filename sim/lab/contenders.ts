/** `--policies`: what is compared in the lab, from the text that names it. */
import { type Hear, policiesOf } from '../input/policy-argument.ts';
import type { Policies } from '../input/policy-names.ts';
import type { Reader } from '../input/used-files.ts';
import type { Contender } from './contender.ts';

/**
 * The contenders of `full-jitter,cap=60s,socket.io,./mine.json`: presets, files and the policies of a config (`more`), each
 * with the knobs behind it. `hear` is told what was recognised in a file, and what a policy cannot say of it. Throws `UsageError` or `InputError` in one line.
 */
export const contendersOf = (text: string, reader?: Reader, more?: Policies, hear?: Hear): readonly Contender[] =>
  policiesOf(text, reader, more, hear);
