/** What a storm costs the battery of a mobile client: dials, and those that wake its radio, in an hour without a connection. */
import type { StormRun } from '../storm/run.ts';

const HOUR = 3_600_000_000;

/** NaN if nobody was without a connection for any time. */
export const dialsPerClientHour = ({ outcomes }: StormRun): number =>
  outcomes.offline === 0 ? Number.NaN : (outcomes.dials * HOUR) / outcomes.offline;

export const wakeUpsPerClientHour = ({ outcomes }: StormRun): number =>
  outcomes.offline === 0 ? Number.NaN : (outcomes.wakeUps * HOUR) / outcomes.offline;
