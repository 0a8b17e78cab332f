/** Every way in which a connection can be over for its client means the same to every law: nothing comes on it any more. */
import { describe, expect, test } from 'vitest';
import type { ApplicationError } from '../../../src/errors.ts';
import type { Frame } from '../../../src/session/wire/frames.ts';
import { ms, seconds } from '../../../src/time.ts';
import { LAWS } from './all.ts';
import { chunk, contextOf, data, goaway, hello, verdict, type Written, welcome, written } from './written.ts';

const stalled: Frame = { type: 'STALLED', stream: 1, epoch: 1, seq: 2 };
const snapshot: Frame = { type: 'SNAPSHOT', stream: 1, epoch: 1, seq: 2, chunks: [chunk(1), chunk(2)], last: true };

/** What a connection was going to bring arrives all the same, because it was under way. */
const late = (run: Written, conn: number): Written => {
  for (const frame of [welcome(1, 2, true, contextOf('k1')), data(3), stalled, snapshot, goaway])
    run.next().say('delivered', 'c1', { conn, payload: frame, bytes: 50 });
  return run;
};

/** The ways, and what the application is told of an end before and after the WELCOME. */
const WAYS: readonly (readonly [
  string,
  (run: Written, conn: number) => Written,
  ApplicationError,
  ApplicationError,
])[] = [
  ['it was told that it is over', (run, conn) => run.close(conn), 'connection_lost', 'connection_lost'],
  ['it hung up', (run, conn) => run.hangUp(conn), 'hello_timeout', 'peer_silent'],
  ['it hung up and was told, too', (run, conn) => run.hangUp(conn).close(conn), 'hello_timeout', 'peer_silent'],
];

describe.each(WAYS)('what still arrives on a connection after %s', (_, end, untold, known) => {
  const begun = (): Written => {
    const run = written().intent('start').connect(1).submit('k1').perform('k1', 1).settle('k1', 'done', 1);
    for (const seq of [1, 2]) run.produce(seq).carry(1, 's1', 'c1', data(seq)).receive(seq);
    return run;
  };
  /** The error belongs to the event of the hanging up, or of the news. */
  const ended = (run: Written, conn: number, error: ApplicationError): Written => {
    const from = run.entries.length;
    end(run, conn);
    const told = run.entries[from];
    if (told !== undefined)
      run.entries.splice(from + 1, 0, { ...told, kind: 'told', error, detail: '' } as Written['entries'][number]);
    return run;
  };
  const finish = (run: Written, conn: number, generation: number, from: number): Written => {
    for (let seq = from; seq <= 6; seq++)
      run.produce(seq, { generation }).carry(conn, 's1', 'c1', data(seq)).receive(seq, { conn });
    run.heal().wait(seconds(1)).intent('leave').hangUp(conn, 1000).farewell(conn);
    return run.next().say('owned', 'store', { session: 1, generation, client: 'c1', server: '' }).rest();
  };

  test.each(LAWS)('takes nothing from the connection that owns the session: $name', (law) => {
    // A second socket is lost in its handshake while the first one still delivers.
    const run = begun().hear(1, goaway).dial(2).open(2).carry(2, 'c1', 's1', hello(2)).wait(seconds(5));
    ended(run, 2, untold);
    expect(verdict(law, finish(late(run, 2), 1, 1, 3))).toEqual([]);
  });

  test.each(LAWS)('is no part of the session, which goes on elsewhere: $name', (law) => {
    const run = ended(begun().wait(seconds(10)), 1, known);
    late(run, 1)
      .retry(ms(700))
      .connect(2, { generation: 2, context: contextOf('k1') });
    expect(verdict(law, finish(run, 2, 2, 3))).toEqual([]);
  });
});
