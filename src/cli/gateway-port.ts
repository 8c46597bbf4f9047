import type { Config } from '../config/config.ts';
import type { Directory } from '../stores/ports/directory.ts';

/** What the commands need of a running gateway. */
export interface RunningGateway {
  /** `http://127.0.0.1:8080`, with the real port. */
  readonly url: string;
  /** The operator's key that the first start made; shown once. */
  readonly firstOperatorKey: string | null;
  /** Stops accepting, lets requests under way end within `delivery.shutdownTimeoutMs`, closes the store. */
  close(): Promise<void>;
}

/** The composition root, as the commands see it. */
export interface GatewayModule {
  createGateway(config: Config): Promise<RunningGateway>;
  /** The directory alone, for work beside the gateway. */
  openDirectory(config: Config): Promise<{ readonly directory: Directory; close(): Promise<void> }>;
}

/** Imported only when a command needs it, so that `--help` answers at once. */
export async function loadGateway(): Promise<GatewayModule> {
  const path = `../gateway${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`;
  return (await import(path)) as GatewayModule;
}
