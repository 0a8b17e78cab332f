/** A streamed JSON document must parse, and satisfy its schema, after any number of disconnects. */
import type { Scenario } from '../../scenario.ts';
import { crashedMidAnswer, cutMidStream, regenerated, replayed, resumed } from '../claims.ts';
import { fiveDisconnects, oneAnswer } from './stream.ts';

export const json: Scenario = {
  name: 'midstream/json',
  title: 'a streamed JSON document arrives whole: it parses and satisfies its schema',
  sometimes: [resumed, replayed, cutMidStream, crashedMidAnswer, regenerated],
  world: (setting) => oneAnswer(setting, ['json', 'json-b']),
  plan: (setting) => fiveDisconnects(setting, ['cut', 'reset', 'rebind', 'crash']),
};
