// A reader's own problems through the engine: kept, asked, trained on, and there again for the run to go on with.
import 'fake-indexeddb/auto';
import { expect, it, vi } from 'vitest';
import { memorySlots } from '../storage/memorySlots';
import { removeOwnTask } from '../tasks/registry';
import { nextOf, openSession, QUESTION, SETTINGS, tinyModel, value } from '../testing/tinySession';

it('a run on problems of one’s own goes on after the page was closed', async () => {
  vi.stubGlobal('fetch', async () => new Response('[]'));
  const slots = memorySlots();
  const first = await openSession(slots);
  value(await first.session.loadModel(await tinyModel()));
  const problems = Array.from({ length: 60 }, (_, i) => ({
    question: `${i}+${i}`,
    answer: `${i}`,
    rule: 'number' as const,
  }));
  const set = value(await first.session.keepProblemSet('Odd sums', problems));

  value(await first.session.ask({ ...QUESTION, question: '3 + 3' }));
  expect((await nextOf(first.events, 'answerEnded')).summary.verdict?.expected).toBe('3');

  const settings = { ...SETTINGS, task: set.id, difficulty: {} };
  const run = value(await first.session.startRun(settings, true));
  value(await first.session.stepRun());
  const [group] = value(await first.session.rollouts(run.id, 1));
  expect(problems.map(({ question }) => `${question}=?`)).toContain(group?.question);
  expect(await first.session.deleteProblemSet(set.id)).toMatchObject({
    ok: false,
    error: { code: 'problem_set_in_use' },
  });
  expect(value(await first.session.modelInfo()).readme).toContain('“Odd sums”');

  removeOwnTask(set.id);
  const second = await openSession(slots);
  const reopened = value(await second.session.openRun(run.id));
  expect(reopened.run.step).toBe(1);
  expect(value(await second.session.stepRun()).step).toBe(2);
  value(await second.session.deleteRun(run.id));
  value(await second.session.deleteProblemSet(set.id));
  expect(value(await second.session.problemSets())).toEqual([]);
});
