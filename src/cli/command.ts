// What a command of the headless program is, and how its arguments are read: every mistake says what was found, what is
// needed and what to do.
import { parseArgs } from 'node:util';
import { closestMatch } from 'leven';
import { SoliloquyError } from '../lib/errors';

/** The command line asks for something that there is not. Ends the program with 2. */
export class UsageError extends SoliloquyError {
  readonly code = 'bad_usage';
}

/** Runs `read`; what it says of a value that was given is a UsageError. */
export function readGiven<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SoliloquyError) || error instanceof UsageError) throw error;
    throw new UsageError(error.userMessage, error.remedy, { cause: error });
  }
}

export interface OptionSpec {
  /** What stands for the value in the help, e.g. `N`; an option without one is a switch. */
  readonly value?: string;
  /** Its values, where it takes no others. */
  readonly oneOf?: readonly string[];
  /** Whether it may be given more than once. */
  readonly multiple?: boolean;
  readonly help: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments in order, e.g. `MODEL`; one that may be left out is in brackets: `[MODEL]`. */
  readonly positionals: readonly { readonly name: string; readonly help: string }[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** What --set takes; TRL's own command line has these as options. */
  readonly settings?: readonly string[];
  /** What to do instead of an option of another program. */
  foreign?(option: string): string | undefined;
  readonly examples: readonly string[];
  /** What the output means, if that needs saying. */
  readonly notes?: string;
  /** Returns the exit code. */
  run(args: Arguments): Promise<number>;
}

const HELP = { help: { help: 'show this help' } } as const satisfies Record<string, OptionSpec>;

interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
}

/** The arguments of one command, taken apart and checked as they are asked for. */
export class Arguments {
  constructor(
    private readonly command: string,
    private readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>,
    private readonly positionals: readonly string[],
  ) {}

  /** Positional argument `index`, or undefined if it was left out. */
  positional(index: number): string | undefined {
    return this.positionals[index];
  }

  isGiven(option: string): boolean {
    return this.values[option] !== undefined;
  }

  flag(option: string): boolean {
    return this.values[option] === true;
  }

  text(option: string): string | undefined {
    const value = this.values[option];
    return typeof value === 'string' ? value : undefined;
  }

  /** The option's text. Throws UsageError without it. */
  required(option: string): string {
    const value = this.text(option);
    if (value !== undefined && value !== '') return value;
    throw this.usage(`--${option} is missing.`, `Add --${option} with a value.`);
  }

  list(option: string): readonly string[] {
    const value = this.values[option];
    return Array.isArray(value) ? value : [];
  }

  /** A number within bounds, both included. Throws UsageError. */
  number<T>(option: string, fallback: T, { min = -Infinity, max = Infinity }: NumberBounds = {}): number | T {
    return this.#parsed(option, fallback, min, max, false);
  }

  /** A whole number within bounds, both included. Throws UsageError. */
  integer<T>(option: string, fallback: T, { min = 0, max = 2 ** 32 - 1 }: NumberBounds = {}): number | T {
    return this.#parsed(option, fallback, min, max, true);
  }

  #parsed<T>(option: string, fallback: T, min: number, max: number, isWhole: boolean): number | T {
    const text = this.text(option);
    if (text === undefined) return fallback;
    const value = Number(text);
    const isNumber = text.trim() !== '' && Number.isFinite(value) && (!isWhole || Number.isInteger(value));
    if (isNumber && value >= min && value <= max) return value;
    const bounds = [min > -Infinity ? ` from ${min}` : '', max < Infinity ? ` to ${max}` : ''].join('');
    throw this.usage(`--${option} is “${text}”.`, `Give a ${isWhole ? 'whole ' : ''}number${bounds}.`);
  }

  /** The `name=value` pairs of an option that may be given more than once, each name once. Throws UsageError. */
  pairs(option: string): Record<string, string> {
    const pairs = new Map<string, string>();
    for (const text of this.list(option)) {
      const at = text.indexOf('=');
      if (at <= 0) throw this.usage(`--${option} is “${text}”.`, `Write it as --${option} name=value.`);
      const name = text.slice(0, at).trim();
      if (pairs.has(name)) throw this.usage(`--${option} gives ${name} twice.`, 'Give it once.');
      pairs.set(name, text.slice(at + 1).trim());
    }
    return Object.fromEntries(pairs);
  }

  usage(problem: string, remedy: string): UsageError {
    return new UsageError(problem, `${remedy} See: npm run cli -- ${this.command} --help`);
  }
}

/** Takes a command's arguments apart; `undefined` if they ask for help. Throws UsageError. */
export function parseCommandLine(command: Command, argv: readonly string[]): Arguments | undefined {
  const specs = { ...command.options, ...HELP };
  if (argv.includes('--help') || argv.includes('-h')) return undefined;
  const { tokens, values, positionals } = parseArgs({
    args: attachNegatives(argv, specs),
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(specs).map(([name, spec]: [string, OptionSpec]) => [
        name,
        { type: spec.value ? ('string' as const) : ('boolean' as const), multiple: spec.multiple ?? false },
      ]),
    ),
  });
  const args = new Arguments(command.name, values as Record<string, string>, positionals);
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const spec: OptionSpec | undefined = Object.hasOwn(specs, token.name)
      ? (specs as Record<string, OptionSpec>)[token.name]
      : undefined;
    if (!spec) {
      const remedy = settingOf(command, token.name) ?? suggestion(token.name, specs);
      throw args.usage(`${command.name} has no option ${token.rawName}.`, remedy);
    }
    if (spec.value && token.value === undefined) {
      throw args.usage(`${token.rawName} is given without a value.`, `Write ${token.rawName} ${spec.value}.`);
    }
    if (spec.oneOf && token.value !== undefined && !spec.oneOf.includes(token.value)) {
      throw args.usage(`${token.rawName} is “${token.value}”.`, `Use: ${spec.oneOf.join(', ')}.`);
    }
    if (!spec.value && token.value !== undefined) {
      throw args.usage(`${token.rawName} takes no value, got “${token.value}”.`, `Write ${token.rawName} alone.`);
    }
    if (given.has(token.name) && !spec.multiple) throw args.usage(`${token.rawName} is given twice.`, 'Give it once.');
    given.add(token.name);
  }
  checkPositionals(command, args, positionals);
  return args;
}

/** `--seed -1` reads as an option of its own to parseArgs; `--seed=-1` does not. */
function attachNegatives(argv: readonly string[], specs: Readonly<Record<string, OptionSpec>>): string[] {
  const result: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    const next = argv[i + 1];
    if (word.startsWith('--') && specs[word.slice(2)]?.value && next !== undefined && /^-\.?\d/.test(next)) {
      result.push(`${word}=${next}`);
      i++;
    } else result.push(word);
  }
  return result;
}

function checkPositionals(command: Command, args: Arguments, given: readonly string[]): void {
  const needed = command.positionals.filter(({ name }) => !name.startsWith('['));
  const missing = needed[given.length];
  if (missing) throw args.usage(`${missing.name} is missing: ${missing.help}.`, `Write: ${usageLine(command)}.`);
  const extra = given[command.positionals.length];
  if (extra !== undefined) {
    throw args.usage(
      `“${extra}” is one argument too many.`,
      `Put quotes around a text with spaces. Write: ${usageLine(command)}.`,
    );
  }
}

/** For a setting that is given as an option, and for one of another program. */
function settingOf({ settings, foreign }: Command, option: string): string | undefined {
  const name = option.replaceAll('-', '_');
  if (settings?.includes(name)) return `Write --set ${name}=VALUE.`;
  return foreign?.(name);
}

function suggestion(name: string, specs: Readonly<Record<string, OptionSpec>>): string {
  const known = Object.keys(specs);
  const close = closest(name, known);
  return close ? `Did you mean --${close}?` : `It has ${known.map((option) => `--${option}`).join(', ')}.`;
}

/** The known name that is at most two edits away, if there is one. Of a name of two letters that would be any. */
export function closest(name: string, known: readonly string[]): string | undefined {
  const long = known.filter(({ length }) => length > 2);
  return closestMatch(name, long, { maxDistance: 2 });
}

function usageLine(command: Command): string {
  return ['npm run cli --', command.name, ...command.positionals.map(({ name }) => name), '[options]'].join(' ');
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n');
}

export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...HELP }).map(([name, spec]: [string, OptionSpec]) => {
    const repeat = spec.multiple ? ' (may be repeated)' : '';
    return [`--${name}${spec.value ? ` ${spec.value}` : ''}`, spec.help + repeat] as const;
  });
  const positionals = command.positionals.map(({ name, help }) => [name, help] as const);
  return [
    command.summary,
    `Usage: ${usageLine(command)}`,
    table([...positionals, ...options]),
    ...(command.notes ? [command.notes] : []),
    `Examples:\n${command.examples.map((example) => `  npm run cli -- ${example}`).join('\n')}`,
  ].join('\n\n');
}

export function programHelp(commands: readonly Command[]): string {
  return [
    'Soliloquy without a browser: the same engine as the page, in Node.',
    'Usage: npm run cli -- COMMAND [arguments]',
    table(commands.map(({ name, summary }) => [name, summary] as const)),
    'MODEL is a folder in the form of Hugging Face (config.json, model.safetensors, tokenizer.json), or the name of one\n' +
      'that comes with the project, such as base. Results go to stdout, all else to stderr.',
    'Exit codes: 0 done, 1 it failed, 2 the command line is wrong, 130 stopped by Ctrl-C after saving.',
    `Examples:\n${commands
      .flatMap(({ examples }) => examples.slice(0, 1))
      .map((example) => `  npm run cli -- ${example}`)
      .join('\n')}`,
    'npm run cli -- COMMAND --help tells more about a command.',
  ].join('\n\n');
}
