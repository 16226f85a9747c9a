import { defineConfig } from 'vite'

// Two files of the same core: one to paste into a page, one to `require` in a mini program.
export default defineConfig(({ mode }) => {
  const isMini = mode === 'mini'
  return {
    root: import.meta.dirname,
    logLevel: 'warn',
    build: {
      outDir: 'dist',
      emptyOutDir: !isMini,
      target: 'es2018',
      lib: {
        entry: isMini ? 'src/mini.ts' : 'src/web.ts',
        name: 'siyuTracker',
        formats: [isMini ? 'cjs' : 'iife'],
        fileName: () => (isMini ? 'tracker-mini.js' : 'tracker.js'),
      },
    },
  }
})
