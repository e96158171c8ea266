import { defineConfig } from 'vite';

/**
 * `firstword studio` serves the page from `dist/`. The page loads nothing from other hosts, and its
 * Content-Security-Policy allows neither inline scripts nor eval, so the build must not produce any.
 */
export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/talk': { target: process.env.FIRSTWORD_STUDIO ?? 'http://127.0.0.1:4000', ws: true },
    },
  },
});
