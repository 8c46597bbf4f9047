import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const gateway = 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // `#shared/`: what the portal has in common with the gateway.
  resolve: { tsconfigPaths: true },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    // Browsers that know `light-dark()`. What would be put in its place for older ones does not work here: Mantine sets
    // the colour scheme by a variable.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    // What three chunks or more share comes in one file with the first page. In some 50 files, the deliveries page took
    // 1.1 s in a browser with an empty cache, so 0.65 s (2 cores, browser and gateway on the same machine).
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 3 }] } } },
  },
  // `npm run -w web dev` beside a running gateway: the same origin, so that sign-in works as it does when served.
  server: { proxy: { '/v1': gateway, '/docs': gateway, '/openapi.json': gateway } },
});
