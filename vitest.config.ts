import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['properties/**/*.test.ts'],
    setupFiles: ['properties/setup.ts'],
    // All cores: by default one is left free, which is half of a machine with two.
    maxWorkers: '100%',
    // Whole universes under fast-check take seconds each, and several times that on a busy machine.
    testTimeout: 180_000,
    // CI services ask for colour; the tests read the text.
    env: { NO_COLOR: '1' },
  },
});
