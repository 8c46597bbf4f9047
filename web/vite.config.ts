import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const gateway = 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, manifest: true, target: 'es2023', assetsInlineLimit: 0 },
  // `npm run -w web dev` beside a running gateway: the same origin, so that sign-in works as it does when served.
  server: { proxy: { '/v1': gateway, '/docs': gateway, '/openapi.json': gateway } },
});
