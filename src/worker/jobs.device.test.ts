// Runs and pipelines of a browser as jobs.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it, vi } from 'vitest';
import { openZip } from '../lib/zip';
import type { EngineApi } from '../protocol/protocol';
import { memorySlots } from '../storage/memorySlots';
import { openSession, SETTINGS, tinyModel, value } from '../testing/tinySession';
import { grpoConfig } from '../trainer/grpo/grpoConfig';

beforeEach(() => {
  vi.stubGlobal('fetch', async () => new Response('[]'));
  vi.stubGlobal('indexedDB', new IDBFactory());
});

const openBrowser = async (): Promise<EngineApi> => (await openSession(memorySlots())).session;

async function pathsAndReadme(job: Blob, folder: string): Promise<{ paths: string[]; readme: string }> {
  const zip = openZip('job', new Uint8Array(await job.arrayBuffer()));
  const entry = zip.entries.get(`${folder}/README.md`);
  const readme = entry ? new TextDecoder().decode(await zip.unpack(entry)) : '';
  return { paths: [...zip.entries.keys()], readme };
}

async function startRun(session: EngineApi, config: Partial<typeof SETTINGS.config> = {}) {
  value(await session.loadModel(await tinyModel()));
  return value(await session.startRun({ ...SETTINGS, config: grpoConfig({ ...SETTINGS.config, ...config }) }, true));
}

it('a run is a job with the model of its last save', async () => {
  const session = await openBrowser();
  const run = await startRun(session);
  value(await session.stepRun());
  const job = value(await session.exportJob({ kind: 'run', runId: run.id }, { target: 'trl', problems: 20 }));
  const { paths, readme } = await pathsAndReadme(job, `${run.name}-trl`);
  expect(paths).toContain(`${run.name}-trl/model/model.safetensors`);
  expect(readme).toContain('after 1 of ');
});

it('code that came with a file goes nowhere before it was read', async () => {
  const there = await openBrowser();
  const code = { custom_reward: 'const reward = () => 1;', reward_weights: { custom: 1 } };
  const run = await startRun(there, code);
  const file = value(await there.exportRun(run.id, false));
  vi.stubGlobal('indexedDB', new IDBFactory());
  const here = await openBrowser();
  value(await here.importRun('a file', new Blob([file as Uint8Array<ArrayBuffer>])));
  const source = { kind: 'run', runId: run.id } as const;
  const request = { target: 'trl', problems: 20, model: 'Qwen/Qwen3-0.6B' } as const;
  expect(await here.exportJob(source, request)).toMatchObject({ ok: false, error: { code: 'code_not_allowed' } });
  value(await here.allowRunCode(run.id));
  const { paths } = await pathsAndReadme(value(await here.exportJob(source, request)), `${run.name}-trl`);
  expect(paths).toContain(`${run.name}-trl/own_reward.js`);
});

it('a pipeline is a job that begins with what was made here', async () => {
  const session = await openBrowser();
  const name = 'rl-from-random-mini';
  const find = async () => value(await session.listPipelines()).find(({ pipeline }) => pipeline.name === name);
  value(await session.runPipeline(name));
  await vi.waitUntil(async () => (await find())?.status === 'finished', { timeout: 60_000, interval: 200 });
  const job = value(await session.exportJob({ kind: 'pipeline', name }, { target: 'ray', problems: 20 }));
  const { paths, readme } = await pathsAndReadme(job, `${name}-ray`);
  expect(paths).toContain(`${name}-ray/models/random/config.json`);
  expect(paths).toContain(`${name}-ray/run.sh`);
  expect(readme).toContain('`models/random/`');
});
