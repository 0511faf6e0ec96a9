// The commands there are, and what happens to a command line: help, the command, or a message of what is wrong with it.
import { SoliloquyError } from '../lib/errors';
import { type Command, closest, commandHelp, parseCommandLine, programHelp, UsageError } from './command';
import { benchCommand } from './commands/bench';
import { compressCommand, decompressCommand } from './commands/compress';
import { curriculumCommand } from './commands/curriculum';
import { dpoCommand } from './commands/dpo';
import { evalCommand } from './commands/eval';
import { exportCommand } from './commands/export';
import { exportJobCommand } from './commands/exportJob';
import { generateCommand } from './commands/generate';
import { grpoCommand } from './commands/grpo';
import { knowsCommand } from './commands/knows';
import { pairsCommand } from './commands/pairs';
import { parityCommand } from './commands/parity';
import { pipelineCommand } from './commands/pipeline';
import { pretrainCommand } from './commands/pretrain';
import { recordCommand } from './commands/record';
import { rewardModelCommand } from './commands/rewardModel';
import { runFileCommand } from './commands/runFile';
import { scalingCommand } from './commands/scaling';
import { selfPlayCommand } from './commands/selfPlay';
import { sftCommand } from './commands/sft';
import { note, printLine } from './console';
import { releaseFolders } from './folderLock';

export const COMMANDS: readonly Command[] = [
  pretrainCommand,
  sftCommand,
  grpoCommand,
  pairsCommand,
  dpoCommand,
  rewardModelCommand,
  pipelineCommand,
  selfPlayCommand,
  curriculumCommand,
  scalingCommand,
  evalCommand,
  knowsCommand,
  generateCommand,
  compressCommand,
  decompressCommand,
  exportCommand,
  exportJobCommand,
  runFileCommand,
  parityCommand,
  benchCommand,
  recordCommand,
];

/** Runs a command line; returns the exit code, having said what went wrong. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    return await runCommand(argv);
  } catch (error) {
    return reportFailure(error);
  } finally {
    releaseFolders();
  }
}

async function runCommand(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    printLine(programHelp(COMMANDS));
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((known) => known.name === name);
  if (!command) {
    const names = COMMANDS.map((known) => known.name);
    const close = closest(name, names);
    throw new UsageError(
      `There is no command “${name}”.`,
      close ? `Did you mean ${close}?` : `There are: ${names.join(', ')}.`,
    );
  }
  const args = parseCommandLine(command, rest);
  if (args) return command.run(args);
  printLine(commandHelp(command));
  return 0;
}

/** Says what went wrong; the stack only where it is a fault of the program. */
function reportFailure(error: unknown): number {
  if (error instanceof UsageError || error instanceof SoliloquyError) {
    note(`error: ${error.userMessage}\n${error.remedy}`);
    return error instanceof UsageError ? 2 : 1;
  }
  note(
    `error: this is a fault of the program; please report it with this text.\n${error instanceof Error ? error.stack : error}`,
  );
  return 1;
}
