// A run taken to another browser as a file, and what files of strangers may try.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { zipSync } from 'fflate';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { unzipSource } from '../formats/huggingface/zipSource';
import { openZip } from '../lib/zip';
import type { EngineApi, RunRecord } from '../protocol/protocol';
import { memorySlots } from '../storage/memorySlots';
import { removeOwnTask } from '../tasks/registry';
import { openSession, SETTINGS, tinyModel, value } from '../testing/tinySession';
import { grpoConfig } from '../trainer/grpo/grpoConfig';

type Files = Record<string, Uint8Array>;

/** Nothing of another browser is here. */
async function openBrowser(): Promise<EngineApi> {
  vi.stubGlobal('indexedDB', new IDBFactory());
  return (await openSession(memorySlots())).session;
}

async function startRun(
  session: EngineApi,
  steps: number,
  config: Partial<typeof SETTINGS.config> = {},
): Promise<RunRecord> {
  value(await session.loadModel(await tinyModel()));
  const settings = { ...SETTINGS, config: grpoConfig({ ...SETTINGS.config, max_steps: 6, ...config }) };
  const run = value(await session.startRun(settings, true));
  for (let step = 0; step < steps; step++) value(await session.stepRun());
  return run;
}

const weights = async (session: EngineApi) =>
  unzipSource('export', value(await session.exportModel())).read('model.safetensors');

beforeEach(() => {
  vi.stubGlobal('fetch', async () => new Response('[]'));
});

describe('a run as a file', () => {
  it('goes on elsewhere to the bits of the run that was never interrupted, with the same metrics', async () => {
    const whole = await openBrowser();
    const first = await startRun(whole, 6);
    const expected = await weights(whole);
    const metrics = value(await whole.runSteps(first.id));

    const there = await openBrowser();
    const run = await startRun(there, 3);
    const file = value(await there.exportRun(run.id, true));

    const here = await openBrowser();
    expect(value(await here.listRuns())).toEqual([]);
    const imported = value(await here.importRun('a file', new Blob([file as Uint8Array<ArrayBuffer>])));
    expect(imported).toMatchObject({ id: run.id, name: run.name, step: 3, status: 'paused', settings: run.settings });
    expect(imported.codeWaits).toBeUndefined();
    const opened = value(await here.openRun(run.id));
    expect(opened.steps).toEqual(value(await there.runSteps(run.id)));
    expect(value(await here.rollouts(run.id, 2))).toEqual(value(await there.rollouts(run.id, 2)));
    for (let step = 0; step < 3; step++) value(await here.stepRun());
    expect(await weights(here)).toEqual(expected);
    const numbers = ({ step, metrics }: (typeof opened.steps)[number]) => [step, withoutTimes(metrics)];
    expect(value(await here.runSteps(run.id)).map(numbers)).toEqual(metrics.map(numbers));
    // The model before it came along, too.
    expect(value(await here.beforeAfter(4, 1))?.pairs).toHaveLength(4);
    expect(await here.importRun('a file', file)).toMatchObject({ ok: false, error: { code: 'run_here_already' } });
  });

  it('is looked at where it has no checkpoint', async () => {
    const there = await openBrowser();
    const run = await startRun(there, 2);
    const file = value(await there.exportRun(run.id, false));
    expect([...openZip('file', file).entries.keys()]).toEqual(['run.json', 'metrics.jsonl', 'rollouts.jsonl']);
    const here = await openBrowser();
    value(await here.importRun('a file', file));
    expect(value(await here.openRun(run.id))).toMatchObject({ isToSee: true, run: { step: 2 } });
    const answers = async (session: EngineApi) => value(await session.rolloutsFile(run.id)).text();
    expect((await answers(here)).split('\n').length).toBeGreaterThan(2);
    expect(await answers(here)).toBe(await answers(there));
    expect((await here.stepRun()).ok).toBe(false);
  });

  it('brings code that nothing runs before the reader lets it', async () => {
    const there = await openBrowser();
    const code = 'function reward() { return 1; }';
    const run = await startRun(there, 1, { custom_reward: code, reward_weights: { custom: 1 } });
    const file = value(await there.exportRun(run.id, true));
    const here = await openBrowser();
    expect(value(await here.importRun('a file', file))).toMatchObject({ codeWaits: true });
    value(await here.openRun(run.id));
    for (const go of [here.resumeRun, here.stepRun]) {
      expect(await go()).toMatchObject({ ok: false, error: { code: 'code_not_allowed' } });
    }
    expect(value(await here.allowRunCode(run.id)).codeWaits).toBe(false);
    expect(value(await here.stepRun())).toMatchObject({ step: 2 });
  });

  it('keeps what its reader said of it', async () => {
    const there = await openBrowser();
    const run = await startRun(there, 1);
    value(await there.describeRun(run.id, { label: ' The good one ', note: 'Seed 42.' }));
    // The open run keeps it through its next step.
    value(await there.stepRun());
    const file = value(await there.exportRun(run.id, false));
    const here = await openBrowser();
    expect(value(await here.importRun('a file', file))).toMatchObject({ label: 'The good one', note: 'Seed 42.' });
    expect(value(await here.describeRun(run.id, { label: '', note: '' }))).toMatchObject({ label: '', note: '' });
  });
});

const withoutTimes = (metrics: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(metrics).filter(([name]) => !/time|second|per_sec|speed|step_ms|_ms$/.test(name)));

describe('files from strangers', () => {
  let files: Files;
  const text = (path: string) => new TextDecoder().decode(files[path]);
  const json = (path: string) => JSON.parse(text(path)) as Record<string, unknown>;
  const bytes = (content: unknown) =>
    new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));
  const withFile = (path: string, content: unknown): Files => ({ ...files, [path]: bytes(content) });
  const without = (path: string): Files => Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));
  /** run.json with another value at a path. */
  const about = (path: string, value: unknown): Files => {
    const it = json('run.json');
    const names = path.split('.');
    const last = names.pop() as string;
    const inner = names.reduce((at, name) => at[name] as Record<string, unknown>, it);
    inner[last] = value;
    return withFile('run.json', it);
  };
  const replaced = (path: string, from: string | RegExp, to: string) => withFile(path, text(path).replace(from, to));
  const resized = (path: string, by: number): Files => {
    const old = files[path] as Uint8Array;
    const grown = new Uint8Array(old.length + by);
    grown.set(old.subarray(0, grown.length));
    return { ...files, [path]: grown };
  };

  beforeAll(async () => {
    vi.stubGlobal('fetch', async () => new Response('[]'));
    const there = await openBrowser();
    const run = await startRun(there, 2);
    const { entries, unpack } = openZip('file', value(await there.exportRun(run.id, true)));
    files = {};
    for (const [path, entry] of entries) files[path] = await unpack(entry);
  });

  const DEEP = `${'['.repeat(100)}${']'.repeat(100)}`;
  const NOT_NAMES = ['', '../up', 'a/b', '__proto__', '/etc/passwd', 'x'.repeat(300), 7, null];

  /** Each a name and the files of a zip. */
  function hostile(): [string, Files][] {
    const cases: [string, Files][] = [
      ...Object.keys(files).map((path): [string, Files] => [`without ${path}`, without(path)]),
      ...Object.keys(files)
        .filter((path) => !/README|_config|special_tokens|chat_template|rollouts/.test(path))
        .map((path): [string, Files] => [`empty ${path}`, { ...files, [path]: new Uint8Array() }]),
      ...['run.json', 'metrics.jsonl', 'rollouts.jsonl', 'model/config.json'].flatMap((path): [string, Files][] => [
        [`binary ${path}`, { ...files, [path]: Uint8Array.of(0xff, 0xfe, 0, 1) }],
        [`deep ${path}`, withFile(path, `${DEEP}\n`)],
        [`cut ${path}`, withFile(path, text(path).slice(0, -20))],
        [`number ${path}`, withFile(path, '12\n')],
      ]),
      ...NOT_NAMES.flatMap((name): [string, Files][] => [
        [`id ${name}`, about('run.id', name)],
        [`file ${name}`, about('state.files.0', name)],
        [`array ${name}`, about('state.arrays.0', name)],
        [`base ${name}`, about('state.base.0', name)],
      ]),
      ...[-1, 1.5, 1e300, '3', null].flatMap((step): [string, Files][] => [
        [`run step ${step}`, about('run.step', step)],
        [`state step ${step}`, about('state.step', step)],
        [`memory step ${step}`, about('state.memory.step', step)],
      ]),
      ['another version', about('version', 2)],
      ['another format', about('format', 'zip')],
      ['no date', about('run.createdAt', 'yesterday')],
      ['a long name', about('run.name', 'x'.repeat(201))],
      ['a name with a line', about('run.name', 'a\nb')],
      ['a long label', about('run.label', 'x'.repeat(81))],
      ['a long note', about('run.note', 'x'.repeat(4001))],
      ['long code', about('run.settings.config.custom_reward', 'x'.repeat(20_001))],
      ['no task', about('run.settings.task', 7)],
      ['a group of one', about('run.settings.config.num_generations', 1)],
      ['a word for a number', about('run.settings.config.learning_rate', 'fast')],
      ['a strange status', about('run.status', 'happy')],
      ['a reference that is not there', about('state.arrays', ['firstMoment', 'secondMoment', 'state'])],
      ['a reference that is not used', about('run.settings.config.beta', 0)],
      ['a checkpoint ahead of its run', about('run.step', 1)],
      ['a key twice', replaced('run.json', '"version": 1', '"version": 1, "version": 1')],
      ['not a number', replaced('metrics.jsonl', /:[\d.]+/, ':NaN')],
      ['a metric that is text', replaced('metrics.jsonl', /"reward":[-\d.e]+/, '"reward":"high"')],
      ['a metric named __proto__', replaced('metrics.jsonl', '"reward"', '"__proto__"')],
      [
        'steps out of order',
        withFile('metrics.jsonl', text('metrics.jsonl').split('\n').slice(0, -1).reverse().concat('').join('\n')),
      ],
      ['a step twice', withFile('metrics.jsonl', text('metrics.jsonl').replace(/^(.*\n)/, '$1$1'))],
      ['a group twice', withFile('rollouts.jsonl', text('rollouts.jsonl').replace(/^(.*\n)/, '$1$1'))],
      ['a group of no step', replaced('rollouts.jsonl', '"step":1', '"step":9')],
      ['a strange part', replaced('rollouts.jsonl', '"part":"', '"part":"x')],
      ['a long token', replaced('rollouts.jsonl', '"text":"', `"text":"${'x'.repeat(1001)}`)],
      ...['firstMoment', 'secondMoment', 'state', 'reference'].flatMap((name): [string, Files][] => [
        [`short ${name}`, resized(`trainer/${name}.f32`, -4)],
        [`long ${name}`, resized(`trainer/${name}.f32`, 4)],
      ]),
      ['short weights', resized('model/model.safetensors', -8)],
      [
        'another model before',
        {
          ...files,
          'base/config.json': bytes(text('base/config.json').replace(/"vocab_size":\s*\d+/, '"vocab_size": 9')),
        },
      ],
      [
        'another model',
        {
          ...files,
          'model/config.json': bytes(text('model/config.json').replace(/"hidden_size":\s*\d+/, '"hidden_size": 8')),
        },
      ],
    ];
    return cases;
  }

  it('are refused in words, a hundred of them and more, and nothing of them is kept', {
    timeout: 120_000,
  }, async () => {
    const here = await openBrowser();
    const packed = zipSync(files, { level: 0 });
    const bomb = zipSync({ ...files, 'metrics.jsonl': new Uint8Array(40 * 2 ** 20) }, { level: 1 });
    const zips: [string, Uint8Array][] = [
      ...hostile().map(([name, content]): [string, Uint8Array] => [name, zipSync(content, { level: 0 })]),
      ['nothing', new Uint8Array()],
      ['text', bytes('a run')],
      ['a bomb', bomb],
      ...[0.2, 0.5, 0.9, 0.999].map((share): [string, Uint8Array] => [
        `cut at ${share}`,
        packed.slice(0, Math.floor(packed.length * share)),
      ]),
      ...[100, 2000, 20_000].map((at): [string, Uint8Array] => {
        const flipped = packed.slice();
        flipped[at] = (flipped[at] as number) ^ 0x55;
        return [`a bit at ${at}`, flipped];
      }),
    ];
    expect(zips.length).toBeGreaterThan(100);
    const taken: string[] = [];
    for (const [name, zip] of zips) {
      const answer = await here.importRun(name, zip);
      if (answer.ok) taken.push(name);
      else if (answer.error.code === 'fault') taken.push(`${name}: ${answer.error.userMessage}`);
      else expect(answer.error.userMessage.length).toBeGreaterThan(20);
    }
    expect(taken).toEqual([]);
    expect(value(await here.listRuns())).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    // And what they were made of is a good file.
    expect(value(await here.importRun('the file', packed)).step).toBe(2);
  });
});

describe('the problems of a run on a set of one’s own', () => {
  const PROBLEMS = ['1+2', '2+2', '3+1', '1+1', '4+1', '2+5'].map((question, i) => ({
    question,
    answer: String([3, 4, 4, 2, 5, 7][i]),
    rule: 'number' as const,
  }));

  async function exportOwn() {
    const there = await openBrowser();
    const set = value(await there.keepProblemSet('My sums', PROBLEMS));
    value(await there.loadModel(await tinyModel()));
    const settings = { ...SETTINGS, task: set.id, difficulty: {}, evalProblems: 0, evalEvery: 0 };
    const run = value(await there.startRun({ ...settings, config: grpoConfig({ ...SETTINGS.config }) }, true));
    value(await there.stepRun());
    const file = value(await there.exportRun(run.id, true));
    removeOwnTask(set.id);
    return { set, run, file };
  }

  it('come with it, and it goes on', async () => {
    const { set, run, file } = await exportOwn();
    const here = await openBrowser();
    value(await here.importRun('a file', file));
    expect(value(await here.problemSets())).toEqual([set]);
    value(await here.openRun(run.id));
    expect(value(await here.stepRun()).step).toBe(2);
    removeOwnTask(set.id);
  });

  it('are the very ones that it was begun with, or the file is refused; an import that fails leaves none', async () => {
    const { set, file } = await exportOwn();
    const zip = openZip('file', file);
    const files: Files = {};
    for (const [path, entry] of zip.entries) files[path] = await zip.unpack(entry);
    const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));
    const problems = { name: 'My sums', problems: PROBLEMS };
    const here = await openBrowser();
    const hostile: unknown[] = [
      [],
      null,
      7,
      {},
      { ...problems, name: '' },
      { ...problems, name: 'x'.repeat(61) },
      { ...problems, problems: [] },
      { ...problems, problems: PROBLEMS.slice(1) },
      { ...problems, problems: [...PROBLEMS].reverse() },
      { ...problems, problems: PROBLEMS.map((problem) => ({ ...problem, answer: '9' })) },
      { ...problems, problems: PROBLEMS.map((problem) => ({ ...problem, rule: 'guess' })) },
      { ...problems, problems: [{ ...PROBLEMS[0], question: 'x'.repeat(501) }] },
    ];
    for (const content of hostile) {
      const answer = await here.importRun('a file', zipSync({ ...files, 'problems.json': json(content) }));
      expect(answer).toMatchObject({ ok: false, error: { code: 'bad_run_file' } });
    }
    const large = new Uint8Array(2 ** 24 + 1).fill(32);
    expect(await here.importRun('a file', zipSync({ ...files, 'problems.json': large }))).toMatchObject({ ok: false });
    // Problems that nothing uses.
    const about = JSON.parse(new TextDecoder().decode(files['run.json']));
    about.run.settings.task = 'chained_sums';
    expect(await here.importRun('a file', zipSync({ ...files, 'run.json': json(about) }))).toMatchObject({ ok: false });
    expect(value(await here.problemSets())).toEqual([]);

    // The checkpoint cannot be kept: nothing of the file is.
    vi.stubGlobal('indexedDB', new IDBFactory());
    const slots = memorySlots();
    const full = { ...slots, open: () => Promise.reject(new Error('the disk broke')) };
    const broken = (await openSession(full as typeof slots)).session;
    expect(await broken.importRun('a file', file)).toMatchObject({ ok: false });
    expect(value(await broken.problemSets())).toEqual([]);
    expect(value(await broken.listRuns())).toEqual([]);
    removeOwnTask(set.id);
  });
});
