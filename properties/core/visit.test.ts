/** A visit: when its application comes and goes, whatever becomes of its page. */
import { expect, test } from 'vitest';
import { visit } from '../../sim/core/visit.ts';
import { at } from '../../src/time.ts';

function opened() {
  const said: string[] = [];
  const application = visit('c1', { start: at(0), until: at(100) }).open(
    {
      intend: ({ type }) => said.push(type),
      wakeIn: (delay) => said.push(`in ${delay}`),
      over: () => said.push('over'),
    },
    at(0),
  );
  application.begin(at(0));
  return { said, application };
}

test('it comes, stays until its time has come, and leaves', () => {
  const { said, application } = opened();
  application.wake(at(100));
  expect(said).toEqual(['start', 'in 100', 'leave', 'over']);
});

test('what is loaded again when its time has come is a page that comes before it leaves', () => {
  const { said, application } = opened();
  application.unload(true);
  application.reopen(at(120));
  // It was held since 100, and comes before the page hears `start`.
  application.wake(at(120));
  expect(said).toEqual(['start', 'in 100', 'start', 'in 0']);
  application.wake(at(120));
  expect(said.slice(4)).toEqual(['leave', 'over']);
});

test('who was loaded again in between leaves when its time has come', () => {
  const { said, application } = opened();
  application.unload(true);
  application.reopen(at(50));
  application.wake(at(100));
  application.wake(at(100));
  expect(said).toEqual(['start', 'in 100', 'start', 'in 0', 'leave', 'over']);
});

test('who has left is not there again', () => {
  const { said, application } = opened();
  application.wake(at(100));
  application.reopen(at(120));
  application.wake(at(120));
  expect(said).toEqual(['start', 'in 100', 'leave', 'over']);
});
