/**
 * What comes with hangup and is found by name, without a config: one protocol of our own and its scenarios. Besides the
 * rooms called `session`, only this file and the library's index know that it lives here.
 */
export { CATALOGUE } from './session/scenarios/catalogue.ts';
