/** `docs/reference/openapi.json` */
export async function openApiDocument(): Promise<string> {
  const { buildOpenApi } = await import('../../src/http/openapi/build-open-api.ts');
  return `${JSON.stringify(await buildOpenApi(), null, 2)}\n`;
}
