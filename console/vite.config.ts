import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const SERVER = process.env.SIYU_SERVER ?? 'http://127.0.0.1:7700'
const ROOT = fileURLToPath(new URL('.', import.meta.url))

export default defineConfig({
  root: ROOT,
  plugins: [react()],
  build: {
    outDir: 'dist',
    target: 'es2022',
    reportCompressedSize: true,
    chunkSizeWarningLimit: 600, // kB, not gzipped: ECharts, which only a page with a chart fetches
    // Everything a module needs is told in the HTML or by the importing chunk: no polyfill for browsers WeCom left behind.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Chunks that change at their own pace, so that a release of ours leaves the browser's copy of the others alone;
        // and our many small building blocks in one.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'chart', test: /node_modules[\\/](echarts|zrender|tslib)[\\/]/, priority: 30 },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|react-router)[\\/]/, priority: 20 },
            {
              name: 'data',
              test: /node_modules[\\/](@tanstack|openapi-|i18next|react-i18next|html-parse|void-elements|use-sync)/,
              priority: 20,
            },
            {
              name: 'ui',
              test: /src[\\/](api|ui[\\/](?!echart|chart|not-found|layout|dock|filter|choice|search|list|keyset|copy))/,
              priority: 10,
            },
          ],
        },
      },
    },
  },
  server: {
    port: 17750,
    strictPort: true,
    proxy: Object.fromEntries(
      ['/api', '/c/', '/world', '/healthz'].map((path) => [path, { target: SERVER, changeOrigin: false }]),
    ),
  },
})
