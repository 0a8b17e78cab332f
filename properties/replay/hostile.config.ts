/** A scenario all of whose texts try to be more than text: its page may only show them. */
import type { Law } from '../laws/law.ts';
import { law } from '../laws/session/law.ts';
import forgetful from './forgetful.config.ts';

export const EVIL = `</script><script>document.title='owned'</script><img src=x onerror="document.title='owned'">\u2028\u202e\u0007<!--<script>`;

const evil = law<null>({
  name: 'evil',
  states: EVIL,
  remember: () => null,
  on: { restored: (_, { node }, breach) => breach(`${node} ${EVIL}`) },
}) as Law;

export default {
  ...forgetful,
  name: 'page/hostile',
  title: EVIL,
  laws: [evil],
  world: (...given: Parameters<typeof forgetful.world>) => ({ ...forgetful.world(...given), conditions: EVIL }),
};
