import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, closest, parseCommandLine, UsageError } from './command';

const command: Command = {
  name: 'try',
  summary: 'Tries.',
  positionals: [
    { name: 'MODEL', help: 'the model' },
    { name: '[NOTE]', help: 'a note' },
  ],
  options: {
    count: { value: 'N', help: 'a count' },
    set: { value: 'name=value', multiple: true, help: 'a setting' },
    pace: { value: 'slow|quick', oneOf: ['slow', 'quick'], help: 'one of two' },
    fast: { help: 'a switch' },
  },
  examples: ['try base'],
  run: async () => 0,
};

const parse = (...argv: string[]) => {
  const args = parseCommandLine(command, argv);
  if (!args) throw new Error('help was asked for');
  return args;
};

it('an option that is a setting, or another program’s, is answered with what to write', () => {
  const foreign = (option: string) => (option === 'use_vllm' ? 'It is not supported.' : undefined);
  const like: Command = { ...command, settings: ['learning_rate'], foreign };
  const refusal = (option: string) => {
    try {
      parseCommandLine(like, ['base', option, '1']);
    } catch (error) {
      return error instanceof UsageError ? error.remedy : undefined;
    }
    return undefined;
  };
  for (const option of ['--learning_rate', '--learning-rate']) {
    expect(refusal(option)).toContain('Write --set learning_rate=VALUE.');
  }
  expect(refusal('--use_vllm')).toContain('It is not supported.');
  expect(refusal('--cuont')).toContain('Did you mean --count?');
});

describe('a command line', () => {
  it('gives positional arguments and options in any order', () => {
    const args = parse('--count', '3', 'base', '--fast', 'hello', '--set', 'a=1', '--set=b=x=y');
    expect([args.positional(0), args.positional(1)]).toEqual(['base', 'hello']);
    expect(args.integer('count', undefined)).toBe(3);
    expect(args.flag('fast')).toBe(true);
    expect(args.pairs('set')).toEqual({ a: '1', b: 'x=y' });
  });

  it('falls back where an option is left out', () => {
    const args = parse('base');
    expect(args.integer('count', 7)).toBe(7);
    expect(args.flag('fast')).toBe(false);
    expect(args.pairs('set')).toEqual({});
    expect(args.isGiven('count')).toBe(false);
  });

  it.each([
    [['base', '--pace', 'idle'], '--pace is “idle”. Use: slow, quick.'],
    [['--count', '1', '--count', '2'], '--count is given twice.'],
    [['--count=1', '--count=1'], '--count is given twice.'],
    [['--fast', 'hello', '--fast'], '--fast is given twice.'],
  ])('takes nothing twice that counts once: %j', (argv, problem) => {
    expect(() => parse('base', ...argv)).toThrow(UsageError);
    expect(() => parse('base', ...argv)).toThrow(problem);
  });

  it('takes no name twice in an option that may be repeated', () => {
    expect(() => parse('base', '--set', 'a=1', '--set', 'a=2').pairs('set')).toThrow('--set gives a twice.');
    expect(parse('base', '--set', 'a=1', '--set', '__proto__=2').pairs('set')).toEqual({ a: '1', ['__proto__']: '2' });
  });

  it('asks for help wherever --help or -h stands', () => {
    expect(parseCommandLine(command, ['--help'])).toBeUndefined();
    expect(parseCommandLine(command, ['base', '--count', '-h'])).toBeUndefined();
  });

  it('does not take what every object has for an option', () => {
    expect(() => parse('base', '--constructor')).toThrow(UsageError);
    expect(() => parse('base', '--__proto__')).toThrow(UsageError);
  });

  it('reads every whole number within bounds back, negative ones too', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const bounds = { min: -(2 ** 31), max: 2 ** 31 };
        expect(parse('base', '--count', `${value}`).integer('count', undefined, bounds)).toBe(value);
        expect(parse('base', `--count=${value}`).number('count', undefined, bounds)).toBe(value);
      }),
    );
  });

  it.each(['', ' ', '1e999', 'NaN', '0x', '1,5', 'two'])('takes %j for no number', (text) => {
    expect(() => parse('base', `--count=${text}`).number('count', undefined)).toThrow(UsageError);
  });

  it('never fails in any other way than by saying what is wrong', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('--count', '--set', '--fast', '--', '-x'))),
        (argv) => {
          try {
            parseCommandLine(command, argv);
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError);
          }
        },
      ),
    );
  });
});

describe('the closest name', () => {
  it('is found two edits away and not further', () => {
    expect(closest('problms', ['problems', 'seed'])).toBe('problems');
    expect(closest('sed', ['problems', 'seed'])).toBe('seed');
    expect(closest('temperature', ['problems', 'seed'])).toBeUndefined();
    expect(closest('xy', ['ab'])).toBeUndefined();
  });
});
