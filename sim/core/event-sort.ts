/**
 * What sort of event something is, as a small integer.
 *
 * Everything that happens to an event asks for its sort: the digest, the universe, the witness. Events have dozens of
 * shapes, and reading the name of one is slow for an engine each time; so it is read once, when the event is scheduled.
 */
export const SORT = {
  other: 0,
  frame: 1,
  message: 2,
  timer: 3,
  closed: 4,
  opened: 5,
  incoming: 6,
  clock: 7,
  /** Pings and pongs. */
  control: 8,
  /** The other end of raw bytes has ended its stream. */
  ended: 9,
} as const;

export type EventSort = (typeof SORT)[keyof typeof SORT];

/** The sort of an event of that type. */
export function sortOf(type: string): EventSort {
  switch (type) {
    case 'frame':
      return SORT.frame;
    case 'message':
      return SORT.message;
    case 'timer':
      return SORT.timer;
    case 'closed':
      return SORT.closed;
    case 'opened':
      return SORT.opened;
    case 'incoming':
      return SORT.incoming;
    case 'ping':
    case 'pong':
      return SORT.control;
    case 'ended':
      return SORT.ended;
    case 'clock':
      return SORT.clock;
    default:
      return SORT.other;
  }
}
