/** In the words of every budget whose use depends on the machine. */
export const REAL_TIME = ' of real time';

/** Whether a run was ended from outside: how far it had come by then is no fact of its seed. */
export const wasCut = ({ exceeded }: { readonly exceeded: string | null }): boolean =>
  exceeded?.includes(REAL_TIME) === true;

/** A call into somebody's code that did not come back, and was ended from outside. */
export class Stuck extends Error {
  override readonly name = 'Stuck';
  /** How long it was waited for, in words: `5 s of computing`. */
  readonly budget: string;
  /** Where it was in the code, innermost first, one place a line; empty when nobody knows. */
  readonly places: readonly string[];

  constructor(budget: string, places: readonly string[]) {
    super(`${budget} without an end${places[0] === undefined ? '' : `, in ${places[0]}`}`);
    this.budget = budget;
    this.places = places;
  }
}
