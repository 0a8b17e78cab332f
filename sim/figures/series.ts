/**
 * Buffers over virtual time: a series with a bounded number of steps, whatever the length of the run.
 *
 * The steps are the same for every run, so that series of many runs add up exactly: a quarter of a second each for the
 * first eight seconds, and from there on sixteen to each doubling of time (an hour is step 172).
 */

/** Length of the first steps, in microseconds, and how many of them there are. */
const FINEST = 250_000;
const LINEAR = 32;
const PER_DOUBLING = LINEAR / 2;

/** The step that an instant falls into. */
export function stepOf(at: number): number {
  let scaled = Math.floor(at / FINEST);
  let step = 0;
  while (scaled >= LINEAR) {
    scaled = Math.floor(scaled / 2);
    step += PER_DOUBLING;
  }
  return step + scaled;
}

/** When a step begins, in microseconds. */
export function stepBegins(step: number): number {
  let within = step;
  let width = FINEST;
  while (within >= LINEAR) {
    within -= PER_DOUBLING;
    width *= 2;
  }
  return within * width;
}
