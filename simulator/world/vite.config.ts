import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const SIMULATOR = process.env.SIYU_SIM_URL ?? 'http://127.0.0.1:7710'

export default defineConfig({
  root: import.meta.dirname,
  base: '/world/',
  plugins: [react()],
  build: { outDir: '../dist', emptyOutDir: true, target: 'es2023' },
  server: {
    host: '127.0.0.1',
    port: 7711,
    proxy: Object.fromEntries(['/control', '/qr', '/img'].map((path) => [path, SIMULATOR])),
  },
})
