/** Where a link to a scenario leads. */

/** The id of a scenario's details: names may hold anything, an id may not. */
export const anchor = (scenario: string): string => `s-${scenario.replace(/[^a-z0-9]+/gi, '-')}`;
