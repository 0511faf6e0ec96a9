import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { fixtureFiles, lines, readOne, resultFile, trlFiles } from '../../testing/resultFiles';
import { readResults } from './readResults';
import type { ResultFile } from './resultFiles';

const bytesOf = async (file: ResultFile) => new Uint8Array(await (await file.open()).arrayBuffer());
const [onlyState] = trlFiles().filter(({ path }) => path.endsWith('trainer_state.json')) as [ResultFile];

describe('a run that TRL trained', () => {
  test('is read from its folder: every step, the evaluations under our names, the answers of each step', async () => {
    const [run, ...others] = await readResults(trlFiles());
    expect(others).toEqual([]);
    expect(run).toMatchObject({ name: 'trl', maxSteps: 4, about: { by: 'TRL' } });
    expect(run?.about.told).toMatchObject({ max_steps: '4', per_device_train_batch_size: '8' });
    expect(run?.steps.map(({ metrics }) => metrics.step)).toEqual([1, 2, 3, 4]);
    const [first, second] = run?.steps ?? [];
    expect(first?.metrics.metrics).toMatchObject({
      reward: 1.125,
      'rewards/accuracy/mean': 0.125,
      loss: 0.17153431475162506,
    });
    expect(second?.metrics.metrics).toMatchObject({
      'eval/accuracy': 0.09375,
      'eval/format': 1,
      reward: 1.25,
      eval_reward: 1.09375,
    });
    expect(second?.groups.map(({ question, members }) => [question, members.length])).toEqual([
      ['2+1=?', 4],
      ['2+2=?', 4],
    ]);
    const [best] = [...(second?.groups[1]?.members ?? [])].sort((a, b) => b.reward - a.reward);
    expect(best).toMatchObject({ answer: '4', rewards: { accuracy: 1, format: 1 }, reward: 2, stopReason: 'unknown' });
    expect(best?.advantage).toBeCloseTo(1.4997, 4);
    expect(best?.tokens.map(({ text, part }) => [text, part])).toEqual([
      ['<think>', 'tag'],
      ['2+3=5然后5+1-1=4', 'thinking'],
      ['</think>', 'tag'],
      ['<answer>', 'tag'],
      ['4', 'answer'],
      ['</answer>', 'tag'],
    ]);
    expect(run?.about.remarks).toEqual([{ kind: 'rewardsSummed' }]);
  });

  test.each([
    ['alone', 'trl', 30],
    ['on two workers of Ray', 'ray', 10],
  ])('%s, was killed and went on has every step once', async (_, folder, steps) => {
    const [run] = await readResults(fixtureFiles(`killed/${folder}`));
    expect(run?.steps.map(({ metrics }) => metrics.step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    expect(run?.steps.every(({ metrics }) => Number.isFinite(metrics.metrics.reward))).toBe(true);
  });

  test('is the same from a zip, and with the settings and weights of the job beside it', async () => {
    const files = Object.fromEntries(
      await Promise.all(trlFiles().map(async (file) => [`job/${file.path}`, await bytesOf(file)])),
    );
    const yaml =
      'reward_funcs: ["accuracy", "format"]\nreward_weights: [1.0, 0.1]\nlearning_rate: 1.0e-6\nmodel_name_or_path: "model"\n';
    const zip = zipSync({
      ...files,
      'job/grpo.yaml': new TextEncoder().encode(yaml),
      'job/model/config.json': new Uint8Array([123]),
    });
    const [run, ...others] = await readOne('my job.zip', zip);
    expect(others).toEqual([]);
    expect(run?.about.told).toMatchObject({ learning_rate: '0.000001', model_name_or_path: 'model', max_steps: '4' });
    expect(run?.steps[1]?.groups[0]?.members[0]?.reward).toBeCloseTo(0.1, 12);
    expect(run?.about.remarks).toEqual([]);
  });

  test('of several checkpoints has the history of the last', async () => {
    const early = resultFile(
      'trl/checkpoint-2/trainer_state.json',
      JSON.stringify({ log_history: [{ step: 1, loss: 9 }] }),
    );
    const [run, ...others] = await readResults([early, ...trlFiles()]);
    expect(others).toEqual([]);
    expect(run?.steps).toHaveLength(4);
  });

  test('in two folders is two runs, each with its own answers', async () => {
    const moved = trlFiles().map((file) => ({ ...file, path: `other/${file.path}` }));
    const runs = await readResults([...trlFiles(), ...moved]);
    expect(runs.map(({ steps }) => steps[0]?.groups.length)).toEqual([2, 2]);
  });

  test('is read from completions alone: the rewards are those of the answers, which is said', async () => {
    const [run] = await readResults(trlFiles().filter(({ path }) => path.endsWith('.parquet')));
    expect(run).toMatchObject({ about: { by: 'TRL' } });
    expect(run?.steps[1]?.metrics.metrics).toEqual({
      reward: 1.125,
      'rewards/accuracy/mean': 0.125,
      'rewards/format/mean': 1,
    });
    expect(run?.about.remarks).toContainEqual({ kind: 'metricsOfAnswers' });
  });

  test('whose rewards have weights that no file says has its parts, and no sum', async () => {
    const text = await (await onlyState.open()).text();
    const state = JSON.parse(text) as { log_history: Record<string, number>[] };
    const log_history = state.log_history.map((row) =>
      row.reward === undefined ? row : { ...row, reward: (row['rewards/accuracy/mean'] ?? 0) * 2 },
    );
    const weighed = resultFile(onlyState.path, JSON.stringify({ ...state, log_history }));
    const [run] = await readResults([weighed, ...trlFiles().filter(({ path }) => path.endsWith('.parquet'))]);
    expect(run?.about.remarks).toEqual([{ kind: 'weightsUnknown' }]);
    const members = run?.steps.flatMap(({ groups }) => groups.flatMap((group) => group.members)) ?? [];
    expect(members.length).toBeGreaterThan(0);
    expect(members.every(({ reward }) => Number.isNaN(reward))).toBe(true);
    expect(members.every(({ rewards }) => Number.isFinite(rewards.accuracy))).toBe(true);
  });

  test('with answers of an evaluation among its groups has the groups alone', async () => {
    const answers = lines(
      ['1+1=?', '1+1=?', '2+1=?', '2+1=?', '3+1=?'].map((prompt, i) => ({
        step: 1,
        prompt,
        completion: `${i}`,
        accuracy: 1,
      })),
    );
    const [run] = await readOne('completions.jsonl', answers);
    expect(run?.steps[0]?.groups.map(({ members }) => members.length)).toEqual([2, 2]);
    expect(run?.about.remarks).toContainEqual({ kind: 'singlesLeftOut', count: 1 });
  });

  test.each([['{}'], ['{"log_history": 5}'], ['{"log_history": null}'], ['{"log_history": {"step": 1, "loss": 2}}']])(
    'without a list of what it logged is refused: %s',
    async (state) => {
      const read = readOne('trainer_state.json', state);
      await expect(read).rejects.toMatchObject({ code: 'bad_results', message: expect.stringMatching(/log_history/) });
    },
  );

  test('that is cut off anywhere is refused, and one of its files that is damaged refuses all', async () => {
    const text = await (await onlyState.open()).text();
    for (const end of [0, 1, 200, text.length >> 1, text.length - 3])
      await expect(readOne('trainer_state.json', text.slice(0, end))).rejects.toMatchObject({ code: 'bad_results' });
    const [parquet] = trlFiles().filter(({ path }) => path.endsWith('.parquet')) as [ResultFile];
    const cut = resultFile(parquet.path, (await bytesOf(parquet)).slice(0, 3000));
    await expect(readResults([onlyState, cut])).rejects.toMatchObject({ code: 'bad_results' });
  });
});

describe('what veRL writes', () => {
  const metrics = lines(
    [1, 2, 3].map((step) => ({
      step,
      data: {
        'critic/score/mean': step / 10,
        'critic/rewards/mean': step / 20,
        'actor/entropy': 0.5,
        'actor/kl_loss': 0.01,
        'actor/pg_clipfrac': 0.02,
        'response_length/mean': 20,
        'response_length/clip_ratio': 0,
        'timing_s/gen': 3.5,
        'val-core/openai/gsm8k/acc/mean@8': 0.25,
        'training/global_step': step,
      },
    })),
  );
  const answers = (step: number) =>
    lines(
      ['8', '9'].map((answer) => ({
        ...{ input: '3+5=?', output: `<think>3+5=${answer}</think><answer>${answer}</answer>`, gts: '8' },
        ...{ score: Number(answer === '8'), step, acc: answer === '8', pred: answer },
      })),
    );

  test('as metrics has our names where it measures the same, and its own elsewhere', async () => {
    const [run] = await readOne('countdown.jsonl', metrics);
    expect(run).toMatchObject({ name: 'countdown.jsonl', about: { by: 'veRL', remarks: [] } });
    expect(run?.steps[2]?.metrics).toEqual({
      step: 3,
      metrics: {
        ...{ reward: 0.3, entropy: 0.5, kl: 0.01, 'clip_ratio/region_mean': 0.02, 'eval/accuracy': 0.25 },
        ...{ 'completions/mean_length': 20, 'completions/clipped_ratio': 0 },
        ...{ 'critic/rewards/mean': 3 / 20, 'timing_s/gen': 3.5 },
      },
    });
  });

  test('as rollouts is groups of answers; advantages are not known', async () => {
    const files = [1, 2, 3].map((step) => resultFile(`run/rollouts of it/${step}.jsonl`, answers(step)));
    const [run, ...others] = await readResults([resultFile('run/metrics.jsonl', metrics), ...files]);
    expect(others).toEqual([]);
    const [group] = run?.steps[2]?.groups ?? [];
    expect(group).toMatchObject({ question: '3+5=?', gold: '8', rewardMean: 0.5 });
    expect(group?.members[0]).toMatchObject({ reward: 1, rewards: { acc: 1 }, advantage: Number.NaN, answer: '8' });
    expect(run?.about.remarks).toEqual([{ kind: 'columnsLeftOut', names: ['pred'] }]);
  });

  test('in a console is read from there', async () => {
    const log = [
      '(TaskRunner pid=1) step:0 - val-core/x/acc/mean@1:0.1',
      'hello',
      '(pid=1) step:1 - critic/score/mean:0.5 - actor/lr:1e-06 - perf/mfu/actor:nan\n',
    ].join('\n');
    const [run] = await readOne('out.log', log);
    expect(run?.steps.map(({ metrics }) => metrics)).toEqual([
      { step: 0, metrics: { 'eval/accuracy': 0.1 } },
      { step: 1, metrics: { reward: 0.5, learning_rate: 1e-6, 'perf/mfu/actor': Number.NaN } },
    ]);
  });
});

test('what Trainer prints has no steps: lines are counted, and an evaluation belongs to the one before', async () => {
  const log = [
    "  0%| {'loss': '0.17', 'rewards/accuracy/mean': '0.5', 'reward': 'nan'}",
    "{'eval_reward': 1.5}",
    "{'loss': 0.2}",
    "{'train_runtime': '51'}",
  ].join('\n');
  const [run] = await readOne('log.txt', log);
  expect(run?.about).toMatchObject({ by: 'TRL', remarks: [{ kind: 'linesAsSteps' }] });
  expect(run?.steps.map(({ metrics }) => metrics)).toEqual([
    { step: 1, metrics: { loss: 0.17, 'rewards/accuracy/mean': 0.5, reward: Number.NaN, eval_reward: 1.5 } },
    { step: 2, metrics: { loss: 0.2, train_runtime: 51 } },
  ]);
});

test.each([
  ['TRL', 'trl'],
  ['veRL', 'verl'],
])('the files of an exported job that %s wrote are one run with its answers', async (by, folder) => {
  const [run, ...others] = await readResults(fixtureFiles(`results/${folder}`));
  expect(others).toEqual([]);
  expect(run?.about.by).toBe(by);
  const answered = run?.steps.filter(({ groups }) => groups.length > 0) ?? [];
  expect(answered.map(({ metrics }) => metrics.step)).toEqual([1, 3]);
  for (const { metrics, groups } of answered) {
    expect(metrics.metrics).toHaveProperty('reward');
    expect(metrics.metrics).toHaveProperty('completions/mean_length');
    const [member] = groups[0]?.members ?? [];
    expect(Object.keys(member?.rewards ?? {})).toEqual(expect.arrayContaining(['accuracy', 'format']));
  }
});

describe('metrics as JSON lines', () => {
  test('of a job that was killed end in half a line, which is left out and told', async () => {
    const text = `${lines([1, 2].map((step) => ({ step, loss: step })))}{"step": 3, "lo`;
    const [run] = await readOne('metrics.jsonl', text);
    expect(run?.steps).toHaveLength(2);
    expect(run?.about.remarks).toEqual([{ kind: 'lastLineCut', files: ['metrics.jsonl'] }]);
  });

  test('with a broken line before the end are refused by its number', async () => {
    const text = `${lines([{ step: 1, loss: 1 }])}{"step": 2, "lo\n${lines([{ step: 3, loss: 1 }])}`;
    await expect(readOne('metrics.jsonl', text)).rejects.toThrow(/line 2 is no JSON object/);
  });

  test('may hold NaN and Infinity, as Python writes them: gaps, not zeros', async () => {
    const [run] = await readOne('m.jsonl', '{"step": 1, "loss": NaN, "kl": -Infinity, "name": "NaN"}\n');
    expect(run?.steps[0]?.metrics.metrics).toEqual({ loss: Number.NaN, kl: Number.NaN });
  });

  test.each([-1, 1.5, '3', 2 ** 60, []])('with the step %j are refused', async (step) => {
    await expect(readOne('m.jsonl', lines([{ step, loss: 1 }]))).rejects.toThrow(/step .* in entry 1/);
  });

  test('where a run was resumed have each step once, as it was taken last', async () => {
    const [run] = await readOne('m.jsonl', lines([1, 2, 3, 2, 3, 4].map((step, i) => ({ step, loss: i }))));
    expect(run?.steps.map(({ metrics }) => [metrics.step, metrics.metrics.loss])).toEqual([
      [1, 0],
      [2, 3],
      [3, 4],
      [4, 5],
    ]);
    expect(run?.about.remarks).toEqual([]);
  });
});

test('a folder without results is refused, and says what is read; data sets and models are passed over', async () => {
  const folder = [
    resultFile('job/data/train.jsonl', lines([{ prompt: '1+1=?', question: '1+1=?', answer: '2', id: 3 }])),
    resultFile('job/model/config.json', '{"hidden_size": 64}'),
    resultFile('job/sft.jsonl', lines([{ prompt: 'a', completion: 'b' }])),
    resultFile('job/notes.jsonl', 'no JSON\nat all\n'),
  ];
  await expect(readResults(folder)).rejects.toThrow(/no results of a training.*trainer_state\.json/);
  const [run, ...others] = await readResults([...folder, ...trlFiles()]);
  expect([run?.name, others.length]).toEqual(['trl', 0]);
});
