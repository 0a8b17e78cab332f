/** The tests that mutants have to pass: those that drive machines by hand, and sweeps of scenarios that are judged by laws. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: [
      'properties/{session,link,http,backoff,balancer,faults}/**/*.test.ts',
      'properties/scenarios/{midstream,context-restart,context-model}.test.ts',
    ],
    // Real sockets, and a measured link: they take longer than all the others together.
    exclude: ['properties/link/truth.test.ts', 'properties/http/real.test.ts'],
    setupFiles: ['properties/setup.ts'],
    isolate: false,
    testTimeout: 120_000,
    env: { NO_COLOR: '1' },
  },
});
