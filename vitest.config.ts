import { defineConfig } from 'vitest/config';

// Whole universes under fast-check take seconds each, and several times that on a busy machine.
export default defineConfig({
  test: { include: ['properties/**/*.test.ts'], setupFiles: ['properties/setup.ts'], testTimeout: 180_000 },
});
