import { defineConfig } from 'vite';

/**
 * The page is served from `dist/` by `firstword studio`. It loads nothing from elsewhere, and its
 * Content-Security-Policy allows neither inline script nor eval, so the build must not produce any.
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
