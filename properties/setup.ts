/**
 * Before every test file. fast-check draws the same cases in every run of the suite, so that a test which passed goes on
 * passing until the code changes; `HANGUP_FC_SEED=n npm test` looks elsewhere.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.HANGUP_FC_SEED ?? 0x5eed) });
