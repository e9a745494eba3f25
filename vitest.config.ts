import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const EXCLUDED = ['**/node_modules/**', '**/dist/**']
const WITH_ENGINE = 'apps/server/src/**/*-with-engine.test.ts'
const node = { environment: 'node' as const, exclude: EXCLUDED }

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
            'tests/{support,bench}/**/*.test.ts',
          ],
          exclude: [...EXCLUDED, WITH_ENGINE],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          ...node,
          name: 'engine',
          include: [WITH_ENGINE],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
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
