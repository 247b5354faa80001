// Builds the dashboard into static files that the Casebook process serves itself; nothing is loaded from elsewhere.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    // Inlined assets would need `data:` where the page's policy allows none.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    // Says to the server which files a page needs, so that its address can name them at once.
    manifest: true,
    // Few files rather than sixty: each costs the server and the browser more than what it holds.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'], priority: 3 },
            // What the overview shares with other pages; with the widgets it would not fit the first page.
            {
              name: 'parts',
              test: /src\/parts\/(?!markdown|model-text|session-tabs)|components\/(Progress|Paper)\//,
              priority: 2,
            },
            {
              name: 'widgets',
              test: /node_modules\/(@mantine|@floating-ui|@tanstack|react-|use-|tabbable)(?!markdown)/,
              minShareCount: 2,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  // For work on the dashboard itself: `npx vite dashboard` beside a running Casebook.
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
})
