import * as v from 'valibot';
import { expect, it } from 'vitest';
import { askRequest } from './askRequest';
import { askSettingsSchema } from './preferences';

const settings = v.parse(askSettingsSchema, {});
const model = { generation: { temperature: 0.6, topP: 0.9, topK: 5, maxNewTokens: 200 } };

it('is asked as the model says it answers, until the reader says otherwise', () => {
  const own = { temperature: 0.6, topP: 0.9, topK: 5, maxTokens: 200 };
  expect(askRequest(' 1+1 ', settings, model)).toMatchObject({ question: '1+1', ...own });
  const told = { temperature: 0, topP: 1, topK: 0, maxTokens: 8 };
  expect(askRequest('1+1', { ...settings, ...told }, model)).toMatchObject(told);
});
