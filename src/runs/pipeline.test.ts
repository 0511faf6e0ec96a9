import { describe, expect, it } from 'vitest';
import { checkLengths } from './lengths';
import {
  makesModel,
  needsOf,
  PipelineError,
  type PipelineOptions,
  parsePipeline,
  parsePipelineFile,
  pipelineFile,
} from './pipeline';
import { allPipelines, getPipeline, UnknownPipelineError } from './ready';

const GRPO = { kind: 'grpo', name: 'zero', from: 'base', preset: 'R1-Zero' } as const;
const SET = { kind: 'reject', name: 'kept', from: 'zero' } as const;
const SFT = {
  kind: 'sft',
  name: 'taught',
  from: 'base',
  data: [{ kind: 'set', set: 'kept' }],
} satisfies PipelineOptions['stages'][number];

const pipeline = (stages: PipelineOptions['stages'], changes: Partial<PipelineOptions> = {}): PipelineOptions => ({
  name: 'test',
  summary: '',
  task: 'chained_sums',
  inputs: ['base'],
  stages,
  ...changes,
});
const parse = (stages: PipelineOptions['stages'], changes?: Partial<PipelineOptions>) =>
  parsePipeline(pipeline(stages, changes));

describe('a pipeline', () => {
  it('may start a stage from any earlier checkpoint, not only the last', () => {
    const { stages, seed } = parse([GRPO, SET, SFT]);
    expect(stages.map((stage) => needsOf(stage))).toEqual([
      { models: ['base'], sets: [] },
      { models: ['zero'], sets: [] },
      { models: ['base'], sets: ['kept'] },
    ]);
    expect(stages.map(makesModel)).toEqual([true, false, true]);
    expect(seed).toBe(42);
  });

  it('is plain data: written as JSON and read again it is the same', () => {
    for (const ready of [...allPipelines(), ...allPipelines(true)]) {
      expect(parsePipelineFile(pipelineFile(ready), 'r1.json')).toEqual(ready);
    }
  });
});

describe('a set that the file brings along', () => {
  const own = { mine: [{ question: '', completion: '<think>1+1=2</think><answer>2</answer>' }] };
  const taught = { ...SFT, data: [{ kind: 'set', set: 'mine' }] } satisfies PipelineOptions['stages'][number];

  it('is there before every stage', () => {
    const { sets, stages } = parse([taught], { sets: own });
    expect(sets).toEqual(own);
    expect(stages.map((stage) => needsOf(stage))).toEqual([{ models: ['base'], sets: ['mine'] }]);
  });

  it.each([
    ['named as a model', { base: own.mine }, /Two checkpoints are named base/],
    ['with no pair', { mine: [] }, /sets\.mine/],
    [
      'with a pair without a completion',
      { mine: [{ question: '1+1=?', completion: '' }] },
      /sets\.mine\.0\.completion/,
    ],
    ['with a text that has no end', { mine: [{ question: '', completion: 'a'.repeat(8001) }] }, /sets\.mine\.0/],
    ['with too many pairs', { mine: Array.from({ length: 2001 }, () => own.mine[0]) }, /sets\.mine/],
    ['that is another', { other: own.mine }, /needs the set mine, which is neither/],
  ])('%s is refused', (_, sets, message) => {
    expect(() => parse([taught], { sets: sets as PipelineOptions['sets'] })).toThrow(message);
  });
});

it('a file that is no pipeline is refused by its name and by what is wrong with it', () => {
  const read = (text: string) => () => parsePipelineFile(text, 'mine.json');
  expect(read('{"name":')).toThrow(/^mine\.json is not JSON \(/);
  expect(read('{}')).toThrow("The pipeline's name is missing.");
  expect(read('[]')).toThrow(PipelineError);
  expect(read('{"name": "a",\n "name": "b"}')).toThrow(/the key "name" is there twice: line 2/);
});

describe('a graph that cannot be run is refused', () => {
  it.each([
    ['a model that is nowhere', [{ ...GRPO, from: 'bsae' }], /zero needs the model bsae, which is neither.*base/],
    ['one made later', [{ ...GRPO, from: 'taught' }, SFT], /taught, which is not made before it/],
    ['itself', [{ ...GRPO, from: 'zero' }], /zero, which is not made before it/],
    ['a set as a model', [GRPO, SET, { ...GRPO, name: 'next', from: 'kept' }], /model kept, which makes a set/],
    ['a model as a set', [GRPO, { ...SFT, data: [{ kind: 'set', set: 'zero' }] }], /set zero, which makes a model/],
    ['two of one name', [GRPO, GRPO], /Two checkpoints are named zero/],
    ['a stage named as an input', [{ ...GRPO, name: 'base' }], /Two checkpoints are named base/],
  ] as const)('%s', (_, stages, message) => {
    expect(() => parse(stages as unknown as PipelineOptions['stages'])).toThrow(PipelineError);
    expect(() => parse(stages as unknown as PipelineOptions['stages'])).toThrow(message);
  });
});

describe('a setting that is wrong is named', () => {
  it.each([
    ['stages.0.from', [{ kind: 'grpo', name: 'zero', preset: 'R1-Zero' }]],
    ['stages.0.kind', [{ ...GRPO, kind: 'gpro' }]],
    ['stages.0.name', [{ ...GRPO, name: '../zero' }]],
    ['stages.0.lerning', [{ ...GRPO, lerning: 1 }]],
    ['stages.0.options.lerning_rate', [{ ...GRPO, options: { lerning_rate: 1 } }]],
    ['stages.0.training.lr', [{ ...SFT, data: [{ kind: 'corpus' }], training: { lr: 1 } }]],
    ['stages.0.options.num_generations', [{ ...GRPO, options: { num_generations: 1 } }]],
    ['stages', []],
  ])('%s', (path, stages) => {
    expect(() => parse(stages as unknown as PipelineOptions['stages'])).toThrow(`pipeline's ${path} is`);
  });

  it('also where it names a task, dial, preset or reward that is not there', () => {
    expect(() => parse([GRPO], { task: 'sums' })).toThrow(/no task named "sums"/);
    expect(() => parse([GRPO], { difficulty: { terms: 3 } })).toThrow(/no difficulty dial named terms/);
    expect(() => parse([{ ...GRPO, preset: 'R2' }])).toThrow(/no preset named "R2"/);
    expect(() => parse([{ ...GRPO, options: { reward_weights: { acuracy: 1 } } }])).toThrow(
      /no reward named "acuracy"/,
    );
  });
});

describe('every stage is checked before the first is trained', () => {
  const next = (options: object) =>
    [GRPO, { ...GRPO, name: 'next', from: 'zero', options }] as PipelineOptions['stages'];

  it('its options together', () => {
    expect(() => parse(next({ num_prompts: 2, num_generations: 4, steps_per_generation: 5 }))).toThrow(
      /Stage next: .*8 answers/,
    );
    expect(() => parse(next({ reward_weights: [1, 0.5] }))).toThrow(/Stage next: reward_weights is the list \[1,0.5\]/);
  });

  it('its answers, by the model that it starts from', () => {
    const inputs = new Map([['base', { description: { architecture: { maxPositions: 256 } } }]]);
    const long = parse(next({ max_completion_length: 193 }));
    expect(() => checkLengths(long, inputs)).toThrow(/Stage next: .*193 tokens; the model has 256/);
    expect(() => checkLengths(long, new Map())).not.toThrow();
    expect(() => checkLengths(parse(next({ max_completion_length: 192 })), inputs)).not.toThrow();
    const made = { kind: 'initialize', name: 'made', preset: 'nano' } as const;
    const own = parse([made, { ...GRPO, from: 'made', options: { max_completion_length: 4000 } }]);
    expect(() => checkLengths(own, new Map())).toThrow(/Stage zero: /);
  });
});

describe('the ready pipelines', () => {
  it('are there full and mini, with the same stages but for those that make a base that does not come with the page', () => {
    for (const full of allPipelines()) {
      const mini = getPipeline(full.name, true);
      expect(mini.name).toBe(`${full.name}-mini`);
      const [names, miniNames] = [full, mini].map(({ stages }) => stages.map((stage) => stage.name));
      expect(miniNames?.slice(-(names?.length ?? 0))).toEqual(names);
    }
  });

  it('r1 goes back to the base after its rejection sampling, as DeepSeek-R1 does', () => {
    const { stages } = getPipeline('r1');
    expect(stages.map((stage) => stage.kind)).toEqual(['sft', 'grpo', 'reject', 'sft', 'grpo']);
    expect(stages.map((stage) => 'from' in stage && stage.from)).toEqual([
      'base',
      'cold-start',
      'reasoning-rl',
      'base',
      'rejection-sft',
    ]);
  });

  it('distil-or-rl gives its three students the same tokens from the same start', () => {
    const students = getPipeline('distil-or-rl').stages.slice(-3);
    expect(new Set(students.map((stage) => 'from' in stage && stage.from))).toEqual(new Set(['student']));
    expect(new Set(students.map((stage) => 'token_budget' in stage && stage.token_budget)).size).toBe(1);
  });

  it('say which names there are when asked for another', () => {
    expect(() => getPipeline('r2')).toThrow(UnknownPipelineError);
    expect(() => getPipeline('r2')).toThrow(/r1-zero, r1, distil-or-rl, rl-from-random/);
  });
});
