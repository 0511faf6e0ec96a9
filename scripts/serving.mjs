// Where the page is served. A browser keeps runs by origin, so a port is part of where they are: one that was asked for is
// taken or refused in words, and a move to another one is told.
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';

/** @typedef {import('vite').Plugin} Plugin */
/** @typedef {import('node:http').Server | import('node:http2').Http2SecureServer | null} HttpServer */

export const USUAL_PORT = 4173;

export const START_HELP = `npm start -- [--port N] [--no-open]

  --port N     the port to serve at (default ${USUAL_PORT}, or what PORT says in the environment)
  --no-open    do not open the browser
`;

/** What was asked cannot be done; the message says what was found and what to do. */
export class ServingError extends Error {}

/**
 * @param {string} text
 * @param {string} from where it was said: \`--port\` or \`PORT\`
 * @returns {number}
 */
function readPort(text, from) {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new ServingError(`${from} is “${text}”. Give a whole number from 1 to 65535, such as ${USUAL_PORT}.`);
}

/**
 * The port that the environment asks for.
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
export function portOfEnvironment({ PORT }) {
  return PORT === undefined || PORT === '' ? undefined : readPort(PORT, 'PORT');
}

/**
 * @param {string[]} args
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {{ port: number | undefined, isOpening: boolean, isHelp: boolean }} no port: the usual one, or the next that is free
 */
export function readStartOptions(args, environment) {
  try {
    const { values } = parseArgs({
      args,
      options: { port: { type: 'string' }, 'no-open': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    const port = values.port === undefined ? portOfEnvironment(environment) : readPort(values.port, '--port');
    return { port, isOpening: values['no-open'] !== true, isHelp: values.help === true };
  } catch (error) {
    if (error instanceof ServingError) throw error;
    throw new ServingError(`${error instanceof Error ? error.message : error}\n\n${START_HELP}`);
  }
}

/** @param {number} port */
export const originOf = (port) => `http://localhost:${port}`;

/**
 * What it means that another port was taken than the one that was meant.
 * @param {number} wanted
 * @param {number} got
 */
export function movedNotice(wanted, got) {
  return `Port ${wanted} is taken, so the page is at ${originOf(got)} this time.
A browser keeps runs and checkpoints by address: those made at ${originOf(wanted)} are not shown here, nor will these be there.
To have them, end what holds port ${wanted} and start again; --port N or PORT=N asks for another one.
`;
}

/** Whoever listens at any of them may be what a browser finds at localhost. */
const HOSTS = ['127.0.0.1', '::1', '0.0.0.0', '::'];

/**
 * Whether nothing listens at a port of this machine. Throws ServingError where this account may not either.
 * @param {number} port
 */
export async function isFree(port) {
  for (const host of HOSTS) {
    /** @type {string | undefined} */
    const code = await new Promise((resolve) => {
      const server = createServer();
      server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code));
      server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
    });
    if (code === 'EADDRINUSE') return false;
    if (code === 'EACCES')
      throw new ServingError(`This account may not serve at port ${port}. Give one above 1023, with --port or PORT.`);
  }
  return true;
}

/**
 * What answers at a port: this build of the page, another program or another build, or nothing.
 * @param {number} port
 * @param {string} indexHtml of this build
 * @returns {Promise<'this build' | 'another'>}
 */
export async function whoAnswers(port, indexHtml) {
  try {
    const response = await fetch(originOf(port), { signal: AbortSignal.timeout(2_000) });
    return (await response.text()) === indexHtml ? 'this build' : 'another';
  } catch {
    return 'another';
  }
}

/**
 * Tells, in development and preview, when the server moved to another port than it was given.
 * @returns {Plugin}
 */
export function originNotice() {
  /**
   * @param {HttpServer} server
   * @param {number | undefined} wanted
   */
  const watch = (server, wanted) =>
    server?.once('listening', () => {
      const address = server.address();
      const got = typeof address === 'object' ? address?.port : undefined;
      if (wanted && got && got !== wanted) process.stdout.write(`\n${movedNotice(wanted, got)}`);
    });
  return {
    name: 'origin-notice',
    configureServer: ({ httpServer, config }) => void watch(httpServer, config.server.port),
    configurePreviewServer: ({ httpServer, config }) => void watch(httpServer, config.preview.port),
  };
}
