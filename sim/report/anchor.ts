/** Links to a scenario's details. */
import { type Markup, markup } from './markup.ts';

/** The id of a scenario's details: names may hold anything, an id may not. */
export const anchor = (scenario: string): string => `s-${scenario.replace(/[^a-z0-9]+/gi, '-')}`;

/** A link to them; a long name may break behind its slash. */
export const linkTo = (scenario: string): Markup => markup`<a href="#${anchor(scenario)}">${breakable(scenario)}</a>`;

/** A name that may break behind its slashes. */
export const breakable = (name: string): Markup =>
  markup`${name.split('/').map((part, i) => markup`${i > 0 ? markup`/<wbr>` : null}${part}`)}`;
