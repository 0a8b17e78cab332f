/**
 * Kinds of faults at somebody's own code: what happens to bytes and to the processes around them, besides what can happen in
 * any world. They need nothing of the code that they hit.
 */
import { type AnyKind, listed } from '../../faults/kind.ts';
import { ANSWER_KINDS } from './answers.ts';
import { BYTE_KINDS } from './bytes.ts';
import { HOST_KINDS } from './hosts.ts';

export const OWN_CODE_KINDS: readonly AnyKind[] = [...listed(ANSWER_KINDS), ...listed(BYTE_KINDS), ...HOST_KINDS];
