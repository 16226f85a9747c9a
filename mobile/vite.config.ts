import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const ROOT = fileURLToPath(new URL('.', import.meta.url))

/**
 * Styles stand in the page itself, so that its first bytes can be painted; and what every page loads by itself (WeCom's
 * SDK, in src/client) is told to the browser at once, so that it comes beside our own script and not after it. What only
 * some need, such as the page of groups, waits until somebody does.
 */
const wholePage = (): Plugin => ({
  name: 'whole-page',
  enforce: 'post',
  generateBundle: {
    order: 'post', // after vite has written down what each chunk fetches first
    handler(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const inlined = new Set<string>()
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.html')) continue
        const html = String(file.source).replaceAll(
          /<link rel="stylesheet"[^>]*href="\/m\/([^"]+)"[^>]*>/g,
          (_, name: string) => {
            const sheet = bundle[name]
            if (sheet?.type !== 'asset') throw new Error(`${name} is no stylesheet`)
            inlined.add(name)
            return `<style>${String(sheet.source).trim()}</style>`
          },
        )
        const entry = chunks.find((chunk) => chunk.isEntry && html.includes(chunk.fileName))
        const isClient = (name: string) =>
          chunks.find((chunk) => chunk.fileName === name)?.facadeModuleId?.includes('/src/client/') === true
        const later = (entry?.dynamicImports ?? [])
          .filter(isClient)
          .map((name) => `<link rel="modulepreload" crossorigin href="/m/${name}">`)
          .join('')
        file.source = html.replace('</head>', `${later}</head>`)
      }
      // What comes later would fetch its styles first: they are here already, and so is the script named in their place.
      for (const name of inlined) {
        for (const chunk of chunks) chunk.code = chunk.code.replaceAll(name, chunk.fileName)
        delete bundle[name]
      }
    },
  },
})

const PDFJS = fileURLToPath(new URL('.', import.meta.resolve('pdfjs-dist/package.json')))
/** What drawing a PDF may ask for, each when it does: tables of Chinese characters, fonts nobody embeds, decoders of scans. */
const PDF_PARTS = { cmaps: 'cmaps', standard_fonts: 'fonts', wasm: 'wasm', iccs: 'iccs' }

/** Lies beside the scripts under the version it belongs to: browsers keep it for ever. */
const pdfParts = (): Plugin => ({
  name: 'pdf-parts',
  generateBundle() {
    const { version } = JSON.parse(readFileSync(`${PDFJS}package.json`, 'utf8')) as { version: string }
    for (const [folder, place] of Object.entries(PDF_PARTS))
      for (const name of readdirSync(`${PDFJS}${folder}`))
        if (!name.startsWith('LICENSE') && !name.startsWith('quickjs'))
          this.emitFile({
            type: 'asset',
            fileName: `assets/pdf-${version}/${place}/${name}`,
            source: readFileSync(`${PDFJS}${folder}/${name}`),
          })
  },
})

export default defineConfig({
  root: ROOT,
  base: '/m/',
  plugins: [react(), wholePage(), pdfParts()],
  build: {
    outDir: 'dist',
    target: 'es2020', // the browser inside WeCom of phones a few years old
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { sidebar: `${ROOT}sidebar.html`, read: `${ROOT}read.html`, form: `${ROOT}form.html` } },
  },
})
