/** What all systems of this example have in common. */
import { law } from 'hangup';

/** Of the module, one of each for all sockets of a page: both were there before the first socket, and stay. */
const MODULE = /^a listener of the window for `(pagehide|offline)`/;

/** As the promise `noLeak`, but for what socket.io-client adds once to the window of a page when it is loaded. */
export const nothingLeft = law<null>({
  name: 'nothing-left',
  states: "a while after it was disconnected a client holds no timer, no socket and no listener but its module's two",
  needs: { entries: ['held'] },
  remember: () => null,
  on: {
    held(_, { node, timers, sockets, listeners }, breach) {
      const left = [...timers, ...sockets, ...listeners.filter((each) => !MODULE.test(each))];
      if (left.length > 0 || listeners.length > 2)
        breach(`${node} still holds ${[...timers, ...sockets, ...listeners].join(', ')}.`);
    },
  },
});
