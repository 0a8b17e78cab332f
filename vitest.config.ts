import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['properties/**/*.test.ts'],
    globalSetup: ['properties/build.ts'],
    setupFiles: ['properties/setup.ts'],
    // Files that a worker runs share its modules: each would import the world and compile it anew, which is a third of the
    // time of all tests. What a test changes it puts back; `npx vitest run --isolate` tells whether one depends on another.
    isolate: false,
    // What is built, and a module that it loads by itself, are imported by Node: vitest would make a second one of each.
    server: { deps: { external: [/\/dist\//, /\/hangup-module-/] } },
    // All cores: by default one is left free, which is half of a machine with two.
    maxWorkers: '100%',
    // Whole universes under fast-check take seconds each, and several times that on a busy machine.
    testTimeout: 180_000,
    // CI services ask for colour; the tests read the text.
    env: { NO_COLOR: '1' },
  },
});
