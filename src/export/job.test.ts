import { beforeAll, describe, expect, it } from 'vitest';
import { folderTokenizer } from '../engine/languageModel';
import { mapSource } from '../formats/huggingface/fileSource';
import type { ModelFolder } from '../formats/huggingface/folder';
import { directorySource } from '../formats/huggingface/nodeDirectory';
import { readFolder } from '../formats/huggingface/readFolder';
import { collectFile } from '../formats/huggingface/weightFiles';
import type { StreamedFiles } from '../formats/huggingface/writeFolder';
import { TAGS } from '../tasks/completion';
import { completeDifficulty } from '../tasks/difficulty';
import { allTasks, getTask } from '../tasks/registry';
import { readChatTemplate } from '../tokenizer/template/chatTemplate';
import { type GrpoOptions, grpoConfig } from '../trainer/grpo/grpoConfig';
import { makeJob } from './job';
import type { JobRequest, JobRun } from './jobRun';
import { asMessages } from './rows';

const MODEL = new URL('../../public/models/wide-base', import.meta.url).pathname;
let model: ModelFolder;

beforeAll(async () => {
  model = await readFolder(directorySource(MODEL));
});

function runOf(options: GrpoOptions = {}, task = 'mixture', step = 3): JobRun {
  const difficulty = completeDifficulty(getTask(task).dials, {});
  const config = grpoConfig({ num_prompts: 4, ...options });
  const rhythm = { evalProblems: 20, evalEvery: 10, checkpointEvery: 10 };
  return { name: 'calm-otter-7', settings: { task, difficulty, preset: 'R1-Zero', config, ...rhythm }, step, model };
}

const jobOf = (request: JobRequest, run = runOf()) => makeJob(run, { problems: 30, ...request });

async function textOf(files: StreamedFiles, path: string): Promise<string> {
  const file = files.get(path);
  if (file === undefined) throw new Error(`the job has no ${path}: ${[...files.keys()].join(', ')}`);
  return new TextDecoder().decode(await collectFile(file));
}

const rowsOf = async (files: StreamedFiles, path: string) =>
  (await textOf(files, path))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('a job', () => {
  it.each(['trl', 'ray', 'verl'] as const)(
    'for %s has what its README names, and no path that leaves it',
    async (target) => {
      const files = jobOf({ target });
      const readme = await textOf(files, 'README.md');
      const named = [...readme.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) => cell.split(', ')).slice(1);
      expect(named.length).toBeGreaterThan(6);
      for (const name of named.filter((cell) => !/^---/.test(cell)))
        expect(
          [...files.keys()].some((path) => path === name || path.startsWith(name)),
          name,
        ).toBe(true);
      for (const path of files.keys()) expect(path).toMatch(/^(?!.*\.\.)[\w][\w./-]*$/);
    },
  );

  it('has the run’s model, which reads as a folder again', async () => {
    const files = jobOf({ target: 'trl' });
    const own = [...files].filter(([path]) => path.startsWith('model/'));
    const bytes = await Promise.all(own.map(async ([path, file]) => [path.slice(6), await collectFile(file)] as const));
    const { description } = await readFolder(mapSource('model', new Map(bytes)));
    expect(description.architecture).toEqual(model.description.architecture);
  });

  it('has the same rows for both, each once, with what rewards judge by', async () => {
    const trl = await rowsOf(jobOf({ target: 'trl' }), 'data/train.jsonl');
    const verl = await rowsOf(jobOf({ target: 'verl' }), 'data/train.jsonl');
    expect(trl).toHaveLength(30);
    for (const [i, row] of trl.entries()) {
      expect(row.prompt).toEqual([{ role: 'user', content: row.question }]);
      expect(verl[i]).toEqual({
        data_source: row.task,
        prompt: row.prompt,
        ability: row.task,
        reward_model: { style: 'rule', ground_truth: row.answer },
        extra_info: {
          split: 'train',
          index: i,
          id: `train-${i}`,
          task: row.task,
          question: row.question,
          answer: row.answer,
          rule: '',
        },
      });
    }
    expect(await rowsOf(jobOf({ target: 'trl' }), 'data/heldout.jsonl')).toHaveLength(20);
  });

  it('starts from another base with its form told, its rates changed, and both said', async () => {
    const files = jobOf({ target: 'trl', model: 'Qwen/Qwen3-0.6B' });
    expect([...files.keys()].filter((path) => path.startsWith('model/'))).toEqual([]);
    const [row] = await rowsOf(files, 'data/train.jsonl');
    expect(row.prompt.map(({ role }: { role: string }) => role)).toEqual(['system', 'user']);
    const yaml = await textOf(files, 'grpo.yaml');
    expect(yaml).toContain('model_name_or_path: "Qwen/Qwen3-0.6B"');
    expect(yaml).toContain('learning_rate: 0.000001\n');
    expect(yaml).not.toMatch(/^(bf16|fp16):/m);
    expect(await textOf(files, 'README.md')).toContain('max_completion_length 1024');
  });

  it('has the reader’s own reward as it was written, and says so', async () => {
    const code = 'function reward({ answer }) {\n  return answer === "7" ? 1 : 0;\n}\n';
    const run = runOf({ custom_reward: code, reward_weights: { accuracy: 1, custom: 0.5 } });
    const files = jobOf({ target: 'trl' }, run);
    expect(await textOf(files, 'own_reward.js')).toBe(code);
    expect(JSON.parse(await textOf(files, 'rewards.json'))).toEqual([
      { name: 'accuracy', weight: 1 },
      {
        name: 'custom',
        weight: 0.5,
        max_completion_length: run.settings.config.max_completion_length,
        file: 'own_reward.js',
      },
    ]);
    expect(await textOf(files, 'README.md')).toContain('own JavaScript');
    expect(await textOf(files, 'requirements.txt')).toContain('quickjs==');
  });

  it('says of veRL that it was not run on GPUs', async () => {
    expect(await textOf(jobOf({ target: 'verl' }), 'README.md')).toContain('not run on GPUs');
  });

  it.each(['trl', 'verl'] as const)('for %s says how many steps it does, and that of one as one', async (target) => {
    const readmeOf = (max_steps: number) => textOf(jobOf({ target }, runOf({ max_steps })), 'README.md');
    expect(await readmeOf(40)).toContain('The job does 40 steps more');
    expect(await readmeOf(1)).toContain('The job does one step more');
  });

  it('evaluates before its first step, where it evaluates', async () => {
    expect(await textOf(jobOf({ target: 'trl' }), 'grpo.yaml')).toContain('\neval_on_start: true\n');
    const run = runOf();
    const never = { ...run, settings: { ...run.settings, evalEvery: 0 } };
    expect(await textOf(jobOf({ target: 'trl' }, never), 'grpo.yaml')).not.toContain('eval_');
  });

  it('says that no step was taken', async () => {
    expect(await textOf(jobOf({ target: 'trl' }, runOf({}, 'mixture', 0)), 'README.md')).toContain('after 0 of ');
  });
});

describe('what is refused', () => {
  it('more problems than the task has', () => {
    const few = { ...runOf({}, 'sequences') };
    expect(() => makeJob(few, { target: 'trl', problems: 1_000_000 })).toThrow(
      expect.objectContaining({
        code: 'bad_job',
        userMessage: expect.stringMatching(/has \d+ distinct training problems/),
      }),
    );
  });

  it('fewer problems than a step asks', () => {
    expect(() => makeJob(runOf({ num_prompts: 16 }), { target: 'trl', problems: 3 })).toThrow(/num_prompts/);
  });

  it.each(['../model', 'a/../b', 'Qwen', 'a/b/c', 'a/b;rm -rf', '', '-a/b'])('the name %j of a base', (name) => {
    expect(() => jobOf({ target: 'trl', model: name })).toThrow(/no name of a model/);
  });

  it('veRL for a model without a chat template; TRL reads its bare question', async () => {
    const carriedFiles = new Map(model.carriedFiles);
    carriedFiles.delete('chat_template.jinja');
    carriedFiles.set(
      'tokenizer_config.json',
      new TextEncoder().encode('{"bos_token":"<|begin|>","eos_token":"<|end|>"}'),
    );
    const run = { ...runOf(), model: { ...model, carriedFiles } };
    expect(() => jobOf({ target: 'verl' }, run)).toThrow(/no chat template/);
    const [row] = await rowsOf(jobOf({ target: 'trl' }, run), 'data/train.jsonl');
    expect(row.prompt).toBe(row.question);
  });
});

describe('the chat template of a job’s model', () => {
  it('gives the tab’s prompt, token for token, for every task', async () => {
    const files = jobOf({ target: 'verl' });
    const tokenizer = folderTokenizer('wide-base', model);
    const template = readChatTemplate(await textOf(files, 'model/chat_template.jinja'));
    const names = { bos_token: tokenizer.tokenText(tokenizer.bosId), eos_token: '', pad_token: '' };
    for (const { examples } of allTasks()) {
      for (const question of examples) {
        const messages = asMessages({ task: '', question, answer: '' });
        if (typeof messages === 'string') throw new Error('a text');
        expect(tokenizer.encode(template.prompt(messages, names))).toEqual(tokenizer.encodePrompt(question));
      }
    }
  });

  it('goes with a tokenizer whose tags are not special: TRL and veRL would strip them', async () => {
    const { added_tokens } = JSON.parse(await textOf(jobOf({ target: 'verl' }), 'model/tokenizer.json'));
    for (const tag of TAGS)
      expect(added_tokens.find(({ content }: { content: string }) => content === tag)).toMatchObject({
        special: false,
      });
  });
});
