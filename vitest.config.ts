import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const node = { environment: 'node' as const, exclude: ['**/node_modules/**', '**/dist/**'] }

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      {
        test: {
          ...node,
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/server/src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'tests/support/**/*.test.ts',
          ],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        plugins: [vue()],
        test: { ...node, name: 'web', include: ['apps/web/src/**/*.test.ts'] },
      },
      {
        test: {
          ...node,
          name: 'blackbox',
          include: ['tests/blackbox/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...node,
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
