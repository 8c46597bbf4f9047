import { Agent, type buildConnector, getGlobalDispatcher, setGlobalDispatcher } from 'undici';

/**
 * Lets sign-ins at a provider connect in the gateway's own way. better-auth calls `fetch` and takes no other, so this is for
 * the whole process: nothing else in it uses `fetch`.
 *
 * @returns gives back what was before
 */
export function connectOidc(connect: buildConnector.connector): () => Promise<void> {
  const before = getGlobalDispatcher();
  const agent = new Agent({ connect });
  setGlobalDispatcher(agent);
  return async () => {
    setGlobalDispatcher(before);
    await agent.destroy();
  };
}
