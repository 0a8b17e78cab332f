/** A worker process of the zoo: looks for one bug in one way at a time, and says what that came to. */
import { BUGS } from './bugs/all.ts';
import { type Found, find, type Search } from './find.ts';

export interface Job extends Search {
  readonly bug: string;
}
export type Answer = { readonly found: Found } | { readonly thrown: string };

process.on('message', ({ bug: name, ...search }: Job) => {
  const bug = BUGS.find((each) => each.name === name);
  let answer: Answer;
  try {
    if (bug === undefined) throw new Error(`no bug is called ${name}`);
    answer = { found: find(bug, search) };
  } catch (error) {
    answer = { thrown: String((error as Error).stack ?? error) };
  }
  process.send?.(answer);
});
process.on('disconnect', () => process.exit());
