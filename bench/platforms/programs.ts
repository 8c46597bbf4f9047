/** The platforms' programs: by these environment variables, or from the PATH. */
export const outpost = process.env.OUTPOST_BIN ?? 'outpost';
export const outpostServer = process.env.OUTPOST_SERVER_BIN ?? 'outpost-server';
export const svixServer = process.env.SVIX_SERVER_BIN ?? 'svix-server';
/** Where Debian has it; what Debian puts into the PATH runs as another user, in that user's directory. */
export const rabbitmqDirectory = process.env.RABBITMQ_BIN_DIR ?? '/usr/lib/rabbitmq/bin';
