// The headless program: the page's engine in Node. See `--help`.
import { flushOutput } from './console';
import { runProgram } from './program';

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const exitCode = await runProgram(process.argv.slice(2));
await flushOutput();
// Dawn keeps the event loop alive.
process.exit(exitCode);
