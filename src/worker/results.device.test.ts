// Runs that other programs trained, kept beside those of this browser.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChosenFile, EngineApi } from '../protocol/protocol';
import { memorySlots } from '../storage/memorySlots';
import { lines, trlFiles } from '../testing/resultFiles';
import { openSession, value } from '../testing/tinySession';

async function openBrowser(): Promise<EngineApi> {
  vi.stubGlobal('indexedDB', new IDBFactory());
  return (await openSession(memorySlots())).session;
}

const chosen = (path: string, text: string): ChosenFile => ({ path, content: new Blob([text]) });
const ofTrl = (): Promise<ChosenFile[]> =>
  Promise.all(trlFiles().map(async (file) => ({ path: file.path, content: await file.open() })));

beforeEach(() => {
  vi.stubGlobal('fetch', async () => new Response('[]'));
});

describe('results made elsewhere', () => {
  it('are a run that can be looked at, named, taken along as a file and deleted', async () => {
    const here = await openBrowser();
    const [run, ...others] = value(await here.importResults(await ofTrl()));
    if (run === undefined) throw new Error('There is no run.');
    expect(others).toEqual([]);
    expect(run).toMatchObject({ name: 'trl', step: 4, status: 'finished', madeElsewhere: { by: 'TRL' } });
    const [listed] = value(await here.listRuns());
    expect(listed).toMatchObject({ id: run.id, isElsewhere: false });
    expect(listed).not.toHaveProperty('savedStep');
    const opened = value(await here.openRun(run.id));
    expect(opened).toMatchObject({ isToSee: true, isElsewhere: false });
    expect(opened.steps.map(({ metrics }) => metrics.reward)).toEqual([1.125, 1.25, 1.125, 1.125]);
    expect(value(await here.describeRun(run.id, { label: 'On the cluster', note: '' })).label).toBe('On the cluster');

    const file = value(await here.exportRun(run.id, true));
    const there = await openBrowser();
    const imported = value(await there.importRun('a file', file));
    expect(imported).toMatchObject({ label: 'On the cluster', madeElsewhere: run.madeElsewhere });
    expect(value(await there.runSteps(run.id))).toEqual(opened.steps);
    const [group] = value(await there.rollouts(run.id, 2));
    expect(group).toMatchObject({ question: '2+1=?', step: 2 });
    expect(group?.members[0]?.tokens[0]).toEqual({ text: '<think>', part: 'tag', logp: Number.NaN });
    value(await there.deleteRun(run.id));
    expect(value(await there.listRuns())).toEqual([]);
  });

  it('of a step without answers show those of the step before that has some', async () => {
    const here = await openBrowser();
    const rows = [{ input: '1+1=?', output: '<answer>2</answer>', gts: '2', score: 1, step: 2 }];
    const metrics = [1, 2, 3, 4].map((step) => ({ step, data: { 'critic/score/mean': step } }));
    const files = [chosen('a/metrics.jsonl', lines(metrics)), chosen('a/rollouts/2.jsonl', lines(rows))];
    const [run] = value(await here.importResults(files));
    const stepOf = async (step: number) => value(await here.rollouts(run?.id ?? '', step))[0]?.step;
    expect([await stepOf(1), await stepOf(2), await stepOf(4)]).toEqual([undefined, 2, 2]);
  });

  it('that cannot be read leave nothing behind, even where others of the files could', async () => {
    const here = await openBrowser();
    const broken = chosen('other/trainer_state.json', '{"log_history": [{"step": 1, "loss": 2}, {"st');
    expect(await here.importResults([...(await ofTrl()), broken])).toMatchObject({
      ok: false,
      error: { code: 'bad_results' },
    });
    expect(value(await here.listRuns())).toEqual([]);
  });
});
