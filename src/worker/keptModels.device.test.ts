// A model that the reader keeps: the loaded one as it is now, there again to be loaded and asked.
import 'fake-indexeddb/auto';
import { expect, it, vi } from 'vitest';
import { memorySlots } from '../storage/memorySlots';
import { nextOf, openSession, QUESTION, tinyModel, value } from '../testing/tinySession';

it('a kept model answers as the one that it was kept of', async () => {
  vi.stubGlobal('fetch', async () => new Response('[]'));
  const answerOf = async ({ session, events }: Awaited<ReturnType<typeof openSession>>) => {
    events.length = 0;
    value(await session.ask(QUESTION));
    return (await nextOf(events, 'answerEnded')).summary.completionText;
  };
  const first = await openSession(memorySlots());
  value(await first.session.loadModel(await tinyModel('---\n---\n# tiny')));
  const { id, readme } = value(await first.session.keepModel('mine'));
  expect(readme).toContain('# tiny');
  const before = await answerOf(first);

  const second = await openSession(memorySlots());
  expect(value(await second.session.loadModel({ kind: 'kept', id })).name).toBe('mine');
  expect(await answerOf(second)).toBe(before);
  value(await second.session.deleteModel(id));
  expect(await second.session.loadModel({ kind: 'kept', id })).toMatchObject({ ok: false, error: { code: 'not_now' } });
});
