import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { compress } from './vite-compress.ts'
import { elementStyles } from './vite-element-styles.ts'

const server = process.env['ANNEAL_DEV_SERVER'] ?? 'http://localhost:4600'

export default defineConfig({
  plugins: [elementStyles(), vue(), compress()],
  // Nothing is inlined: the page's policy allows no data: fonts or scripts.
  build: {
    assetsInlineLimit: 0,
    manifest: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
  server: {
    proxy: {
      '/api': { target: server, ws: true },
      '/v1': server,
      // Links that SwanLab's SDK prints, but not Vite's own addresses.
      '^/@(?!vite/|fs/|id/)': server,
    },
  },
})
