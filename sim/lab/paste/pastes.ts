/** A policy, ready to paste: for every client that the lab knows. */
import type { Policy } from '../../../src/backoff/policy.ts';
import { codeFor } from './clients.ts';
import type { Paste } from './paste.ts';
import { settingsFor } from './settings.ts';

/** One paste a client, those that are asked for any policy first. */
export const pastesOf = (policy: Policy): readonly Paste[] => [...codeFor(policy), ...settingsFor(policy)];
