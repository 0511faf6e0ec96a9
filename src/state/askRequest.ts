// The question as it is put to the engine. Pure.
import type { AskRequest, ModelInfo, ThinkingControl } from '../protocol/protocol';
import type { AskSettings } from './preferences';

function thinkingControl({ thinking, thinkingBudget, waits }: AskSettings): ThinkingControl | null {
  switch (thinking) {
    case 'free':
      return null;
    case 'none':
      return { budget: 0, waits: 0 };
    case 'budget':
      return { budget: thinkingBudget, waits: 0 };
    case 'wait':
      return { budget: null, waits };
  }
}

/** The question as these settings have it asked; what they leave open, a model settles as it was trained. */
export function askRequest(
  question: string,
  settings: AskSettings,
  { generation }: Pick<ModelInfo, 'generation'>,
): AskRequest {
  const { seed, samples } = settings;
  return {
    question: question.trim(),
    temperature: settings.temperature ?? generation.temperature,
    topP: settings.topP ?? generation.topP,
    topK: settings.topK ?? generation.topK,
    maxTokens: settings.maxTokens ?? generation.maxNewTokens,
    ...{ seed, samples },
    thinking: thinkingControl(settings),
  };
}
