/** Names that people give to what they bring: figures and dimensions stand under them in tables, documents and on the command line. */

const NAME = /^[a-z][a-z0-9-]*$/;
const MOST = 60;

export const NAME_EXPECTED = `lower-case words with hyphens, at most ${MOST} letters`;

/** Records are kept by name, so it may be none that every object has. */
export const isName = (name: unknown): name is string =>
  typeof name === 'string' && NAME.test(name) && name.length <= MOST && !(name in {});
