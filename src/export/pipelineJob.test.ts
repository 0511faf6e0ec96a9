import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelFolder } from '../formats/huggingface/folder';
import { directorySource } from '../formats/huggingface/nodeDirectory';
import { readFolder } from '../formats/huggingface/readFolder';
import { collectFile } from '../formats/huggingface/weightFiles';
import type { StreamedFiles } from '../formats/huggingface/writeFolder';
import { parsePipeline } from '../runs/pipeline';
import { allPipelines, getPipeline } from '../runs/ready';
import { makePipelineJob, modelsToBegin } from './pipelineJob';
import { isJobStage } from './pipelineStages';

let base: ModelFolder;

beforeAll(async () => {
  base = await readFolder(directorySource(new URL('../../public/models/base', import.meta.url).pathname));
});

const textOf = async (files: StreamedFiles, path: string) =>
  new TextDecoder().decode(await collectFile(files.get(path) ?? new Uint8Array()));

function jobOf(name: string, request: Partial<Parameters<typeof makePipelineJob>[1]> = {}) {
  const pipeline = getPipeline(name, true);
  const models = new Map(modelsToBegin(pipeline).map((one) => [one, base]));
  return { pipeline, files: makePipelineJob({ pipeline, models }, { target: 'trl', ...request }) };
}

const NAMES = allPipelines(true).map(({ name }) => name.replace('-mini', ''));

describe('a pipeline’s job', () => {
  it.each(NAMES.filter((name) => !['self-play', 'rlhf'].includes(name)))(
    'of %s does every stage in its turn',
    async (name) => {
      const { pipeline, files } = jobOf(name);
      const stages = pipeline.stages.filter(isJobStage);
      const run = await textOf(files, 'run.sh');
      const lines = run.split('\n').filter((line) => line.startsWith('stage '));
      expect(lines.map((line) => line.split(' ')[1])).toEqual(stages.map((stage) => stage.name));
      for (const line of lines) expect(files.has(line.split(' ').at(-1) as string), line).toBe(true);
    },
  );

  it('reads nothing that neither lies in it nor was made before', async () => {
    const { pipeline, files } = jobOf('distil-or-rl');
    const made = new Set<string>();
    for (const [i, stage] of pipeline.stages.filter(isJobStage).entries()) {
      const yaml = await textOf(files, `stages/${i + 1}-${stage.name}.yaml`);
      for (const [path] of yaml.matchAll(/(models|output|data)\/[\w./-]+/g)) {
        const isThere = [...files.keys()].some((file) => file === path || file.startsWith(`${path}/`));
        const isMade = [...made].some((folder) => path.startsWith(folder)) || path === `output/${stage.name}`;
        expect(isThere || isMade, `${stage.name}: ${path}`).toBe(true);
      }
      made.add(`output/${stage.name}`);
    }
  });

  it('writes a set that the pipeline brings along as messages', async () => {
    const pair = { question: '1+1=?', completion: '<think>1+1=2</think><answer>2</answer>' };
    const pipeline = parsePipeline({
      ...{ name: 'own', summary: '', task: 'chained_sums', inputs: ['base'], sets: { mine: [pair] } },
      stages: [{ kind: 'sft', name: 'taught', from: 'base', data: [{ kind: 'set', set: 'mine' }] }],
    });
    const files = makePipelineJob({ pipeline, models: new Map([['base', base]]) }, { target: 'trl' });
    expect(await textOf(files, 'stages/1-taught.yaml')).toContain('data/taught-1.jsonl');
    expect(JSON.parse(await textOf(files, 'data/taught-1.jsonl'))).toEqual({
      prompt: [{ role: 'user', content: pair.question }],
      completion: [{ role: 'assistant', content: pair.completion }],
    });
  });

  it('writes the documents of a corpus as messages', async () => {
    const { files } = jobOf('r1');
    const [row] = (await textOf(files, 'data/cold-start-1.jsonl')).split('\n');
    expect(JSON.parse(row as string)).toEqual({
      prompt: [{ role: 'user', content: expect.stringMatching(/=\?$/) }],
      completion: [
        { role: 'assistant', content: expect.stringMatching(/^<think>.+<\/think><answer>-?\d+<\/answer>$/) },
      ],
    });
  });

  it('keeps a checkpoint before the end of every stage that trains', async () => {
    for (const name of ['r1', 'distil-or-rl']) {
      const { files } = jobOf(name);
      const yamls = [...files.keys()].filter((path) => path.startsWith('stages/') && path.endsWith('.yaml'));
      for (const path of yamls) {
        const yaml = await textOf(files, path);
        const told = (key: string) => Number(yaml.match(new RegExp(`^${key}: (\\d+)$`, 'm'))?.[1]);
        if (yaml.includes('max_steps')) expect(told('save_steps'), path).toBeLessThan(told('max_steps'));
      }
    }
  });

  it('says which stage lacks what', async () => {
    expect(await textOf(jobOf('distil-or-rl').files, 'README.md')).toContain('on-policy: token_budget');
  });

  it('begins with one base of the hub where it is asked to', async () => {
    const { files } = jobOf('r1', { model: 'Qwen/Qwen3-0.6B' });
    expect([...files.keys()].some((path) => path.startsWith('models/'))).toBe(false);
    expect(await textOf(files, 'stages/1-cold-start.yaml')).toContain('"Qwen/Qwen3-0.6B"');
  });

  it('is not made of a game that the model plays on, nor of a learned reward, which is said', () => {
    expect(() => jobOf('self-play')).toThrow(/plays on against itself/);
    expect(() => jobOf('rlhf')).toThrow(/learns from a reward model/);
  });

  it('is not made before the models that it begins with, nor for veRL', () => {
    const pipeline = getPipeline('distil-or-rl', true);
    expect(() => makePipelineJob({ pipeline, models: new Map() }, { target: 'trl' })).toThrow(/is not made yet/);
    expect(() => jobOf('r1', { target: 'verl' })).toThrow(/several stages/);
  });
});
