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
    // Everything a module needs is told in the HTML or by the importing chunk: no polyfill for browsers WeCom left behind.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Three chunks that change at their own pace, so that a release of ours leaves the browser's copy of them alone.
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler|react-router|i18next|react-i18next|@tanstack|openapi-)/,
              priority: 20,
            },
            { name: 'chart', test: /node_modules[\\/](echarts|zrender|tslib)[\\/]/, priority: 30 },
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
