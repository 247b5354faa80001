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
  },
  // For work on the dashboard itself: `npx vite dashboard` beside a running Casebook.
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
})
