import { buildApp } from '../app.ts';
import type { Services } from '../services.ts';

/** The OpenAPI 3.1 document, made from the routes' schemas without a running gateway. */
export async function buildOpenApi(): Promise<object> {
  const app = await buildApp(unused);
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}

/** Routes touch their services when they are called, and here nobody calls. */
const unused = {} as Services;
