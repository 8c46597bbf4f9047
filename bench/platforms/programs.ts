/** The platforms' programs: by these environment variables, or from the PATH. */
export const outpost = process.env.OUTPOST_BIN ?? 'outpost';
export const outpostServer = process.env.OUTPOST_SERVER_BIN ?? 'outpost-server';
export const svixServer = process.env.SVIX_SERVER_BIN ?? 'svix-server';
/** Where Debian has it; the one in its PATH changes to another user and leaves out the arguments' environment. */
export const rabbitmqDirectory = process.env.RABBITMQ_BIN_DIR ?? '/usr/lib/rabbitmq/bin';
