import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseSafetensors, type RawTensor } from '../formats/safetensors/safetensors';
import { writeSafetensors } from '../formats/safetensors/writeSafetensors';
import { parsePipeline } from '../runs/pipeline';
import { allPipelines } from '../runs/ready';
import { COMMANDS, runProgram } from './program';

const FIXTURE = fileURLToPath(new URL('../testing/fixtures/deepseek_v3', import.meta.url));
const BASE = fileURLToPath(new URL('../../public/models/base', import.meta.url));

let folder: string;
let output: { stdout: string; stderr: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soliloquy-'));
  output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      output[stream] += text;
      return true;
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Exit code of a command line, and what it said. */
async function run(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return { code: await runProgram(argv), ...output };
}

describe('help', () => {
  it('lists every command, on stdout when asked for', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(stderr).toBe('');
  });

  it('is shown with exit code 2 when no command is given', async () => {
    expect((await run()).code).toBe(2);
    expect(output.stdout).toContain('Usage:');
  });

  it.each(COMMANDS.map((command) => command.name))('of %s shows every option and an example', async (name) => {
    const command = COMMANDS.find((known) => known.name === name);
    const { code, stdout } = await run(name, '--help');
    expect(code).toBe(0);
    for (const option of Object.keys(command?.options ?? {})) expect(stdout).toContain(`--${option}`);
    expect(stdout).toContain(`npm run cli -- ${name}`);
    expect(command?.examples.every((example) => example.startsWith(name))).toBe(true);
    for (const line of command?.notes?.split('\n') ?? []) expect(line.length).toBeLessThanOrEqual(130);
  });
});

describe('a wrong command line ends with 2 and says what to do', () => {
  it.each([
    [['evl', 'base'], 'There is no command “evl”.', 'Did you mean eval?'],
    [['eval'], 'MODEL is missing', 'eval MODEL [options]'],
    [['eval', FIXTURE, '--problms', '3'], 'eval has no option --problms.', 'Did you mean --problems?'],
    [['eval', FIXTURE, '--problems'], '--problems is given without a value.', 'Write --problems N.'],
    [['eval', FIXTURE, '--problems', '-3'], '--problems is “-3”.', 'whole number from 1'],
    [['eval', FIXTURE, '--seed', '1.5'], '--seed is “1.5”.', 'whole number from 0'],
    [['eval', FIXTURE, '--temperature', 'hot'], '--temperature is “hot”.', 'number from 0'],
    [['eval', FIXTURE, '--json=yes'], '--json takes no value', 'Write --json alone.'],
    [['eval', FIXTURE, '--task', 'poems'], 'no task named "poems"', 'chained_sums'],
    [['eval', FIXTURE, '--difficulty', 'min_terms'], '--difficulty is “min_terms”.', 'name=value'],
    [['eval', FIXTURE, '--difficulty', 'min_terms=99'], 'min_terms is 99.', 'from 2 to 16'],
    [['eval', FIXTURE, '--difficulty', 'depth=2'], 'no difficulty dial named depth', 'min_terms'],
    [['eval', 'nowhere'], 'no model “nowhere”', 'config.json and model.safetensors'],
    [['generate', FIXTURE], 'QUESTION is missing', 'in quotes'],
    [['generate', FIXTURE, '1', '+2'], '“+2” is one argument too many.', 'quotes'],
    [['generate', FIXTURE, ' '], 'The question is empty.', '9-8+3-7=?'],
    [
      [
        'grpo',
        FIXTURE,
        '--out',
        'x',
        '--set',
        'num_prompts=2',
        '--set',
        'num_generations=4',
        '--set',
        'steps_per_generation=5',
      ],
      '8 answers',
      'Set steps_per_generation to 4 or 8',
    ],
    [['grpo', FIXTURE, '--out', 'x', '--set', 'beta=0'], 'sync_ref_model', 'beta to more than 0'],
    [['grpo', FIXTURE, '--out', 'x', '--steps', '2', '--set', 'max_steps=9'], 'both given', 'Give one of them'],
    [['record', FIXTURE, '--steps', '2', '--set', 'max_steps=9'], 'both given', 'Give one of them'],
    [['grpo', '--out', 'x'], 'MODEL is missing.', '--resume'],
    [['grpo', FIXTURE, '--out', 'x', '--preset', 'R9'], 'no preset named "R9"', 'R1-Zero'],
    [['grpo', FIXTURE, '--out', 'x', '--set', 'lerning_rate=1'], 'no GRPO option “lerning_rate”', 'learning_rate?'],
    [['grpo', FIXTURE, '--out', 'x', '--set', 'loss_type=ppo'], 'loss_type is "ppo"', 'dapo'],
    [['grpo', FIXTURE, '--out', 'x', '--set', 'reward_weights={"charm":1}'], 'no reward named "charm"', 'accuracy'],
    [
      ['grpo', FIXTURE, '--out', 'x', '--set', 'reward_weights=[1.0, 0.1]'],
      'is the list [1,0.1]',
      '{"accuracy":1,"format":0.1}',
    ],
    [['grpo', FIXTURE, '--out', 'x', '--set', 'per_device_train_batch_size=8'], 'no GRPO option', 'Use num_prompts'],
    [['grpo', FIXTURE, '--out', 'x', '--set', 'vllm_mode=colocate'], 'no GRPO option', 'not supported'],
    [['grpo', FIXTURE, '--out', 'x', '--set', 'actor_rollout_ref.rollout.n=8'], 'no GRPO option', 'num_generations'],
    [['grpo', FIXTURE, '--out', 'x', '--set', 'bf16=True'], 'no GRPO option', 'Use fp16'],
    [['grpo', FIXTURE, '--out', 'x', '--set', 'fp16=true', '--set', 'fp8=true'], 'both on', 'Set fp16 or fp8'],
    [['grpo', FIXTURE, '--out', 'x', '--set', 'beta=None'], 'beta is null', 'Write beta=0'],
    [['grpo', FIXTURE, '--out', 'x', '--set', 'learning_rate=None'], 'learning_rate is null', 'number'],
    [['grpo', '--resume', 'nowhere'], 'nowhere cannot be resumed', '--out folder'],
    [['pretrain', 'nowhere.json', '--out', 'x'], 'nowhere.json cannot be read (ENOENT', 'recipes/base.json'],
    [
      ['eval', `${FIXTURE}/config.json/x`],
      'no model “',
      'The project comes with: base, distilled, r1, r1-zero, wide-base, wide-r1, wide-zero.',
    ],
    [['sft', FIXTURE, '--out', 'x', '--set', 'stepz=1'], 'no SFT option “stepz”', 'steps?'],
    [['sft', FIXTURE, '--out', 'x', '--data', 'no.jsonl'], 'no.jsonl cannot be read (ENOENT', '"completion"'],
    [['bench', FIXTURE, '--only', 'gemm-512,dreams'], 'no workload “dreams”', 'grpo-step'],
    [['bench', FIXTURE, '--peers', 'jax'], 'no peer “jax”', 'jax-js'],
    [['bench', FIXTURE, '--peers', 'none,tfjs'], '“none” with others', 'Give --peers none alone'],
    [['bench', FIXTURE, '--steps', '0'], '--steps is “0”.', 'whole number from 1'],
    [['eval', FIXTURE, '--waits', '1', '--waits', '2'], '--waits is given twice.', 'Give it once.'],
    [['pipeline'], 'NAME is missing.', 'r1-zero, r1, distil-or-rl, rl-from-random'],
    [['pipeline', 'r2', '--out', 'x'], 'no pipeline named "r2"', 'r1-zero, r1, distil-or-rl, rl-from-random'],
    [['pipeline', 'nowhere.json', '--out', 'x'], 'nowhere.json cannot be read (ENOENT', 'a name, or a JSON file'],
    [['pipeline', 'r1.json', '--mini', '--out', 'x'], '--mini goes with a name', 'Leave it out.'],
    [['pipeline', 'r1', '--only', 'zero', '--out', 'x'], 'r1 has no stage zero.', 'cold-start, reasoning-rl'],
    [['pipeline', 'r1', '--out', 'x', '--task', 'poems'], 'no task named "poems"', 'chained_sums'],
    [['pipeline', 'r1', '--out', 'x', '--difficulty', 'depth=2'], 'no difficulty dial named depth', 'min_terms'],
    [
      ['pipeline', 'r1', '--out', 'x', '--difficulty', 'max_terms=many'],
      '--difficulty max_terms is “many”.',
      'whole number',
    ],
    [['pipeline', 'r1', '--out', 'x', '--input', 'bsae=base'], 'r1 has no input bsae.', 'It has: base.'],
    [['pipeline', 'r1', '--out', 'x', '--input', 'base=nowhere'], 'no model “nowhere”', 'config.json'],
    [['pipeline', 'r1', '--out', 'x', '--save-every', '-1'], '--save-every is “-1”.', 'whole number from 0'],
    [['pipeline', '--resume', 'nowhere'], 'nowhere cannot be resumed: there is no pipeline.json', '--out folder'],
    [['pipeline', 'r1', '--resume', 'nowhere'], 'NAME cannot be given to a run that is resumed.', 'Leave it out'],
    [['pipeline', '--resume', 'x', '--seed', '1'], '--seed cannot be given to a run that is resumed.', 'Leave it out'],
  ])('%j', async (argv, problem, remedy) => {
    const { code, stdout, stderr } = await run(...argv);
    expect(stderr).toContain(problem);
    expect(stderr).toContain(remedy);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('names the setting of a recipe that is wrong or unknown', async () => {
    const recipe = join(folder, 'recipe.json');
    const right = {
      name: 'a',
      seed: 1,
      preset: 'nano',
      task: 'chained_sums',
      steps: 5,
      tokens_per_step: 64,
      learning_rate: 1,
    };
    writeFileSync(recipe, JSON.stringify({ ...right, steps: 'many' }));
    expect((await run('pretrain', recipe, '--out', join(folder, 'out'))).code).toBe(2);
    expect(output.stderr).toContain('steps is "many"');
    writeFileSync(recipe, JSON.stringify({ ...right, warmup: 5 }));
    expect((await run('pretrain', recipe, '--out', join(folder, 'out'))).code).toBe(2);
    expect(output.stderr).toContain('there is no setting warmup');
  });

  it('names what is wrong with a pipeline from a file', async () => {
    const file = join(folder, 'mine.json');
    const out = join(folder, 'out');
    const refuse = async (content: string, problem: string) => {
      writeFileSync(file, content);
      output.stderr = '';
      expect((await run('pipeline', file, '--out', out)).code).toBe(2);
      expect(output.stderr).toContain(problem);
      expect(readdirSync(folder)).toEqual(['mine.json']);
    };
    await refuse('{"name": ', `${file} is not JSON`);
    await refuse('[]', "pipeline's name is missing.");
    const stage = { kind: 'grpo', name: 'zero', from: 'bsae', preset: 'R1-Zero' };
    const mine = { name: 'mine', summary: '', task: 'chained_sums', inputs: ['base'], stages: [stage] };
    await refuse(JSON.stringify(mine), 'zero needs the model bsae');
    await refuse(JSON.stringify({ ...mine, stages: [{ ...stage, steps: 5 }] }), 'stages.0.steps is no setting.');
    await refuse(
      JSON.stringify({ ...mine, stages: [{ ...stage, from: 'base' }], task: 'poems' }),
      'no task named "poems"',
    );
    await refuse(JSON.stringify({ ...mine, task: undefined }), "pipeline's task is missing.");
  });

  it('will not resume an empty folder as a pipeline, nor begin one over another', async () => {
    expect((await run('pipeline', '--resume', folder)).code).toBe(2);
    expect(output.stderr).toContain(`${folder} cannot be resumed: there is no pipeline.json in it.`);
    writeFileSync(join(folder, 'pipeline.json'), '{}');
    expect((await run('pipeline', 'r1', '--mini', '--out', folder)).code).toBe(2);
    expect(output.stderr).toContain(`${folder} holds a pipeline already.\nGo on with it by --resume ${folder}`);
  });

  it('will not start a run over one that can be resumed', async () => {
    mkdirSync(join(folder, 'checkpoint'));
    expect((await run('grpo', FIXTURE, '--out', folder)).code).toBe(2);
    expect(output.stderr).toContain(`--resume ${folder}`);
  });

  it('refuses answers longer than the model has positions for, before a device is opened', async () => {
    const { code, stderr } = await run('grpo', BASE, '--out', folder, '--set', 'max_completion_length=300');
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/is 300 tokens; the model has 256 positions .*\nChoose at most 192, /);
  });
});

describe('pipeline --list', () => {
  it('names every pipeline and its stages, also as JSON that a pipeline can be read from', async () => {
    const ready = allPipelines();
    const { code, stdout } = await run('pipeline', '--list');
    expect(code).toBe(0);
    for (const { name, stages } of ready) {
      expect(stdout).toContain(`${name}: `);
      for (const stage of stages) expect(stdout).toMatch(new RegExp(`^  ${stage.kind} +${stage.name} `, 'm'));
    }
    output.stdout = '';
    const listed: unknown = JSON.parse((await run('pipeline', '--list', '--json')).stdout);
    expect(listed).toEqual(ready);
    expect((listed as typeof ready).map(parsePipeline)).toEqual(ready);
  });
});

describe('a place where nothing can be written is refused before any work is done', () => {
  it.each([
    ['grpo', BASE, '--out'],
    ['sft', BASE, '--out'],
    ['record', BASE, '--out'],
    ['pipeline', 'r1', '--out'],
    ['export', BASE, '--out'],
  ])('%j', async (...argv) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await run(...argv, join(file, 'out'));
    expect(stderr).toContain(`${file} is a file, not a folder.`);
    expect(code).toBe(2);
  });
});

describe('a question that the model cannot be asked', () => {
  it('is refused for its characters, which are named', async () => {
    expect((await run('generate', BASE, '9√8=?')).code).toBe(1);
    expect(output.stderr).toContain('The model cannot read “√”.\nIt reads 0–9');
  });

  it('is refused for its length, in tokens', async () => {
    expect((await run('generate', BASE, `${'1+'.repeat(200)}1=?`)).code).toBe(2);
    expect(output.stderr).toContain('The question has 404 tokens; question and answer may have 256 together.');
  });
});

describe('a folder that is no model ends with 1 and names what is wrong', () => {
  /** Fails with one message, which names the thing, and writes nothing. */
  async function expectRefused(argv: string[], problem: string): Promise<void> {
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await run(...argv);
    expect(stderr).toContain(problem);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(readdirSync(folder)).toEqual(before);
  }

  it.each<[string, string]>([
    ['generate', 'there is no config.json'],
    ['eval', 'there is no config.json'],
    ['export', 'there is no config.json'],
    ['parity', 'there is no config.json'],
  ])('an empty one, of %s', async (name, problem) => {
    const more = { generate: ['1+2=?'], export: ['--out', join(folder, 'a.zip')] }[name] ?? [];
    await expectRefused([name, folder, ...more], problem);
  });

  it.each<[string, unknown, string]>([
    ['config.json', { model_type: 'llama' }, 'model_type is "llama", but "deepseek_v3" is needed'],
    ['tokenizer.json', {}, 'tokenizer.json cannot be read'],
    ['tokenizer.json', undefined, 'there is no tokenizer.json'],
    ['model.safetensors', '', 'model.safetensors: "" are no'],
  ])('one whose %s is %j', async (file, content) => {
    cpSync(BASE, folder, { recursive: true });
    if (content === undefined) rmSync(join(folder, file));
    else writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
    await expectRefused(['generate', folder, '1+2=?'], file);
  });
});

describe('a folder whose golden numbers cannot be used ends with 1 and names what is wrong', () => {
  type Json = Record<string, unknown>;
  const refused: [string, (golden: Json) => unknown, string][] = [
    ['no loss', ({ loss: _, ...rest }) => rest, 'golden.json: loss is missing.'],
    ['a loss in words', (golden) => ({ ...golden, loss: 'low' }), 'golden.json: loss is "low", but number is needed.'],
    [
      'an unknown loss_type',
      (golden) => {
        const variants = { mine: { settings: { loss_type: 'ppo' }, loss: 0, grad_norm: 0, metrics: {} } };
        return { ...golden, grpo: { max_completion_length: 12, variants } };
      },
      'grpo.variants.mine.settings.loss_type is "ppo"',
    ],
    [
      'a token that the model does not have',
      (golden) => ({ ...golden, greedy: { prompt: [67], continuation: [] } }),
      'golden.json: greedy has the token 67, but the model has 67 tokens.',
    ],
    [
      'fewer norms than losses',
      (golden) => ({ ...golden, adamw: { ...(golden.adamw as Json), grad_norms: [] } }),
      'adamw has 10 losses and 0 grad_norms',
    ],
  ];

  it.each(refused)('%s', async (_name, change, problem) => {
    cpSync(FIXTURE, folder, { recursive: true });
    const file = join(folder, 'golden.json');
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
    expect((await run('parity', folder)).code).toBe(1);
    expect(output.stderr).toContain(problem);
  });

  it('what Python writes that JSON does not have', async () => {
    cpSync(FIXTURE, folder, { recursive: true });
    writeFileSync(join(folder, 'golden.json'), '{"loss": NaN}');
    expect((await run('parity', folder)).code).toBe(1);
    expect(output.stderr).toMatch(/golden\.json is not JSON \(.*N/);
  });

  it('a file that is missing', async () => {
    for (const file of ['golden.safetensors', 'golden.json']) {
      cpSync(FIXTURE, folder, { recursive: true });
      rmSync(join(folder, file));
      expect((await run('parity', folder)).code).toBe(1);
      expect(output.stderr).toContain(join(folder, file));
    }
  });

  it('tensors that do not fit together', async () => {
    cpSync(FIXTURE, folder, { recursive: true });
    const file = join(folder, 'golden.safetensors');
    const { tensors } = parseSafetensors(new Uint8Array(readFileSync(file)));
    const cut = new Map(tensors).set('logits', tensors.get('input_ids') as RawTensor);
    writeFileSync(file, writeSafetensors(cut));
    expect((await run('parity', folder)).code).toBe(1);
    expect(output.stderr).toContain("'logits' has shape [2,24], but [2,24,67] is needed");
  });
});

describe('export', () => {
  it('writes a folder once, and over another only when told to', async () => {
    const out = join(folder, 'copy');
    expect((await run('export', FIXTURE, '--out', out)).code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['config.json', 'generation_config.json', 'model.safetensors']);
    expect((await run('export', FIXTURE, '--out', out)).code).toBe(2);
    expect((await run('export', FIXTURE, '--out', out, '--force')).code).toBe(0);
  });
});

describe('options that are seldom meant', () => {
  const grpo = (...set: string[]) =>
    run('grpo', 'nowhere', '--out', join(folder, 'out'), ...set.flatMap((pair) => ['--set', pair]));

  it.each(['dapo', 'bnpo', 'dr_grpo', 'cispo'])(
    'a ratio an answer with %s is warned of, naming loss_type=grpo',
    async (loss) => {
      const { stderr } = await grpo('importance_sampling_level=sequence', `loss_type=${loss}`);
      expect(stderr).toMatch(
        new RegExp(`Note: importance_sampling_level=sequence with loss_type=${loss}.*loss_type=grpo`, 's'),
      );
    },
  );

  it('a sampler that draws from less than the vocabulary is told of, with the metric that measures it', async () => {
    expect((await grpo('top_p=0.9')).stderr).toMatch(
      /Note: top_p, top_k or min_p.*sampling\/sampling_logp_difference/s,
    );
  });

  it('nothing else is', async () => {
    expect((await grpo('importance_sampling_level=sequence', 'loss_type=grpo')).stderr).not.toContain('Note:');
  });
});
