import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grpoConfig } from '../../protocol/options';
import type { AskRequest, RunSettings } from '../../protocol/protocol';
import { CATALOGUE } from '../../testing/madeUp';
import { readAddress } from '../address';
import { askRequest } from '../askRequest';
import { defaultSettings } from '../draft';
import { linkOfRequest, readAskLink, writeAskLink } from './askLink';
import { readRunLink, writeRunLink } from './runLink';
import type { LinkResult } from './values';

const letter = fc.constantFrom(...'aZ09 +-=×÷?&#%/:;,.<>"\'`\\_中文é😀\n\t\0');
/** Halves of pairs, too. */
const anything = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });
const text = (maxLength: number) => fc.string({ unit: letter, maxLength });
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((found) => found + 0);

const request: fc.Arbitrary<AskRequest> = fc.record({
  question: text(80).map((found) => found.trim()),
  temperature: real(0, 4),
  topP: real(1e-6, 1),
  topK: fc.nat(100),
  maxTokens: fc.integer({ min: 1, max: 512 }),
  seed: fc.nat(),
  samples: fc.integer({ min: 1, max: 16 }),
  thinking: fc.oneof(
    fc.constant(null),
    fc.record({ budget: fc.nat(200), waits: fc.constant(0) }),
    fc.record({ budget: fc.constant(null), waits: fc.integer({ min: 1, max: 16 }) }),
  ),
});

const difficultyOf = (task: string) =>
  fc.record(
    Object.fromEntries(
      (CATALOGUE.tasks.find(({ name }) => name === task)?.dials ?? []).map(({ name, min, max }) => [
        name,
        fc.integer({ min, max }),
      ]),
    ),
  );

const config = fc
  .record({
    num_generations: fc.integer({ min: 2, max: 256 }),
    num_prompts: fc.integer({ min: 1, max: 999 }),
    temperature: real(0.05, 9),
    top_p: real(1e-9, 1),
    learning_rate: real(0, 1),
    adam_epsilon: real(1e-300, 1),
    max_grad_norm: fc.constantFrom(1, 0.1, 1e20, 1e22, 1e300),
    lr_scheduler_type: fc.constantFrom('constant' as const, 'linear' as const, 'cosine' as const),
    epsilon_high: fc.option(real(0, 9)),
    delta: fc.option(real(1.1, 9)),
    loss_type: fc.constantFrom('grpo' as const, 'dr_grpo' as const, 'dapo' as const),
    scale_rewards: fc.constantFrom('group' as const, 'batch' as const, 'none' as const),
    entropy_coef: real(-9, 9),
    filter_groups: fc.boolean(),
    reward_weights: fc.record({ accuracy: real(-9, 9), format: real(-9, 9) }, { requiredKeys: [] }),
    custom_reward: text(200),
    seed: fc.nat(),
  })
  .map((options) => grpoConfig(options));

const settings: fc.Arbitrary<RunSettings> = fc.constantFrom(...CATALOGUE.tasks.map(({ name }) => name)).chain((task) =>
  fc.record({
    task: fc.constant(task),
    difficulty: difficultyOf(task),
    preset: fc.constantFrom(...CATALOGUE.presets.map(({ name }) => name)),
    config,
    evalProblems: fc.nat(999),
    evalEvery: fc.nat(99),
    checkpointEvery: fc.integer({ min: 1, max: 99 }),
  }),
);

const valuesOf = (hash: string) => readAddress(hash).values;
const readRun = (values: string) => readRunLink(values, CATALOGUE);

describe('a link to a question', () => {
  it('asks it again with the same numbers', () => {
    fc.assert(
      fc.property(request, fc.option(text(40), { nil: undefined }), (asked, model) => {
        const read = readAskLink(valuesOf(writeAskLink(linkOfRequest(asked, model))));
        if (!read.ok) throw new Error(JSON.stringify(read.faults));
        expect(read.link.model).toBe(model);
        // Nothing is left to the model.
        const generation = { temperature: 9, topP: 9, topK: 9, maxNewTokens: 9 };
        const again = askRequest(read.link.question ?? '', read.link.settings, { generation });
        expect(again).toEqual({ ...asked });
      }),
    );
  });

  it('is one that can be read', () => {
    const asked = {
      question: '9-8+3-7',
      temperature: 1,
      topP: 1,
      topK: 0,
      maxTokens: 96,
      seed: 7,
      samples: 1,
      thinking: null,
    };
    expect(writeAskLink(linkOfRequest(asked, 'r1'))).toBe(
      '#ask?q=9-8%2B3-7&model=r1&temperature=1&top_p=1&top_k=0&max_new_tokens=96&seed=7&samples=1&thinking=free',
    );
  });

  it('drops what it does not know', () => {
    const read = readAskLink('q=1%2B2&utm_source=feed&__proto__=1&constructor=2');
    expect(read).toMatchObject({ ok: true, link: { question: '1+2', settings: { seed: 7, temperature: null } } });
  });
});

describe('a link to the settings of a run', () => {
  it('brings back every one of them', () => {
    fc.assert(
      fc.property(settings, fc.constantFrom('base', 'r1', undefined), (sent, start) => {
        // A weight of the reader's own reward needs its code, and the other way round it may be without.
        const read = readRun(valuesOf(writeRunLink({ settings: sent, start })));
        expect(read).toEqual({ ok: true, link: { settings: sent, start } });
      }),
    );
  });

  it('says what differs from the defaults, and nothing else', () => {
    const usual = { ...defaultSettings(CATALOGUE), config: grpoConfig({ learning_rate: 1e-4, loss_type: 'grpo' }) };
    expect(writeRunLink({ settings: usual, start: 'base' })).toMatch(
      /^#train\?task=\w+&difficulty=[\w:,]+&preset=R1-Zero&start=base&eval_problems=64&eval_every=10&checkpoint_every=10&/,
    );
    expect(writeRunLink({ settings: usual, start: 'base' })).toMatch(
      /&learning_rate=0.0001&loss_type=grpo&rewards=accuracy:1,format:0.1$/,
    );
  });

  it('keeps code as text, whatever it looks like', () => {
    for (const custom_reward of ['5', 'true', 'null', '</script><script>alert(1)</script>', '#?&=%']) {
      const sent = { ...defaultSettings(CATALOGUE), config: grpoConfig({ custom_reward }) };
      const read = readRun(valuesOf(writeRunLink({ settings: sent, start: undefined })));
      expect(read).toMatchObject({ ok: true, link: { settings: { config: { custom_reward } } } });
    }
  });
});

const NUMBERS = [
  'NaN',
  'Infinity',
  '-1',
  '1e999',
  '0x10',
  '',
  ' 1',
  '1,5',
  '９',
  'one',
  '1e',
  '--1',
  '[]',
  '{}',
  '1;2',
];
const WORDS = ['', 'GRPO', 'constructor', '__proto__', 'toString', '1', 'null', 'grpo,dapo', '<b>'];
const PAIRS = [
  'accuracy',
  'accuracy:',
  ':1',
  'accuracy:x',
  'accuracy:1,accuracy:2',
  '__proto__:1',
  'a b:1',
  'accuracy:1:2',
  ',',
];
const HOSTILE_ASK = [
  ...['temperature', 'top_p', 'top_k', 'max_new_tokens', 'seed', 'samples', 'waits'].flatMap((name) =>
    NUMBERS.map((value) => `q=1%2B2&${name}=${encodeURIComponent(value)}`),
  ),
  ...WORDS.map((value) => `thinking=${encodeURIComponent(value)}`),
  'temperature=4.1',
  'top_p=0',
  'top_p=1.01',
  'samples=17',
  'seed=1.5',
  'seed=1&seed=2',
  'q=a&q=b',
  `q=${'a'.repeat(4001)}`,
  `model=${'a'.repeat(201)}`,
  `x=${'a'.repeat(100_001)}`,
];
const HOSTILE_RUN = [
  ...['num_generations', 'num_prompts', 'max_steps', 'seed', 'eval_problems', 'checkpoint_every'].flatMap((name) =>
    [...NUMBERS, '1e300', '9007199254740993'].map((value) => `${name}=${encodeURIComponent(value)}`),
  ),
  ...['loss_type', 'lr_scheduler_type', 'importance_sampling_level'].flatMap((name) =>
    WORDS.map((value) => `${name}=${encodeURIComponent(value)}`),
  ),
  ...['task', 'preset', 'start'].flatMap((name) => WORDS.map((value) => `${name}=${encodeURIComponent(value)}`)),
  ...PAIRS.flatMap((value) => [`rewards=${value}`, `difficulty=${value}`]),
  'num_prompts=65537',
  'max_completion_length=1000000',
  'fp16=yes',
  'filter_groups=1',
  'num_generations=257',
  'checkpoint_every=0',
  'difficulty=terms:99',
  'difficulty=terms:1.5',
  'rewards=custom:1',
  'rewards=custom:1&custom_reward=%20',
  'rewards=nosuch:1',
  `custom_reward=${'a'.repeat(20_001)}`,
];

describe('links from strangers', () => {
  const refuses = (read: (values: string) => LinkResult<unknown>, values: string) => {
    const found = read(values);
    if (found.ok) throw new Error(`${values.slice(0, 80)} was taken`);
    expect(found.faults.length).toBeGreaterThan(0);
    for (const fault of found.faults) expect(fault.found.length).toBeLessThanOrEqual(60);
  };

  it(`refuses ${HOSTILE_ASK.length + HOSTILE_RUN.length} hostile ones`, () => {
    for (const values of HOSTILE_ASK) refuses(readAskLink, values);
    for (const values of HOSTILE_RUN) refuses(readRun, values);
  });

  it('says of each value what is wrong with it', () => {
    const read = readRun('num_prompts=0&loss_type=none&task=sums&rewards=x');
    expect(!read.ok && read.faults.map(({ name, need }) => [name, need.kind])).toEqual([
      ['task', 'oneOf'],
      ['num_prompts', 'schema'],
      ['loss_type', 'schema'],
      ['rewards', 'pairs'],
    ]);
  });

  it('takes any text without a fault of the program', () => {
    const names = ['q', 'model', 'task', 'rewards', 'difficulty', 'num_prompts', 'custom_reward', 'seed', 'start'];
    const values = fc.array(fc.tuple(fc.constantFrom(...names), anything));
    fc.assert(
      fc.property(values, (pairs) => {
        const link = new URLSearchParams(pairs).toString();
        void readAskLink(link);
        void readRun(link);
      }),
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
