import { expect, it } from 'vitest';
import { answer, apiOf, SessionError } from './command';

it('what a command throws becomes its answer', async () => {
  expect(await answer(() => 3)).toEqual({ ok: true, value: 3 });
  const failed = await answer(() => Promise.reject(new SessionError('It is busy.', 'Wait.')));
  expect(failed).toEqual({ ok: false, error: { code: 'not_now', userMessage: 'It is busy.', remedy: 'Wait.' } });
});

it('an api has every command, and is no promise', async () => {
  const run = async (name: string, parameters: readonly unknown[]) => ({ ok: true, value: [name, ...parameters] });
  const open = async () => ({ ok: false, error: { code: 'fault', userMessage: '', remedy: '' } }) as const;
  const api = await Promise.resolve(apiOf(open, run));
  expect(api.open).toBe(open);
  expect(await api.runSteps('otter')).toEqual({ ok: true, value: ['runSteps', 'otter'] });
  expect(await api.expertChoices(1, 2)).toEqual({ ok: true, value: ['expertChoices', 1, 2] });
});
