/** The same, by a module that asks Node for something: its page shows what was recorded. */
import { existsSync } from 'node:fs';
import hostile from './hostile.config.ts';

export default {
  ...hostile,
  plan: (...given: Parameters<typeof hostile.plan>) => (existsSync('/') ? hostile.plan(...given) : []),
};
