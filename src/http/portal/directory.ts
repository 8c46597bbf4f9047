import { fileURLToPath } from 'node:url';

/** Where the built portal lies. The same three steps up from src/http/portal and from dist/http/portal. */
export const portalDirectory = fileURLToPath(new URL('../../../web/dist', import.meta.url));
