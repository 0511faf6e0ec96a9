// Recordings small enough to be read, in the place of those that come with the page.
import type { AskRecording, RunRecording } from '../src/protocol/recording';
import { grpoConfig } from '../src/trainer/grpo/grpoConfig';

const madeBy = { model: 'base', device: 'a test device', program: 'soliloquy 0.1.0', at: '2026-11-23T10:00:00Z' };
const drawn = { id: 1, probability: 0.9, entropy: 0.1, alternatives: [] };

export const answerRecording: AskRecording = {
  version: 2,
  kind: 'ask',
  madeBy,
  request: { question: '1+2=?', temperature: 1, topP: 1, topK: 0, seed: 7, maxTokens: 64, samples: 1, thinking: null },
  events: [
    { atMs: 0, event: { type: 'askStarted', askId: 1, numPromptTokens: 5 } },
    {
      atMs: 10,
      event: {
        type: 'tokensStreamed',
        askId: 1,
        sample: 0,
        elapsedMs: 10,
        tokens: [
          { ...drawn, text: '1+2=3', part: 'thinking' },
          { ...drawn, text: '3', part: 'answer' },
        ],
      },
    },
    {
      atMs: 20,
      event: {
        type: 'answerEnded',
        askId: 1,
        sample: 0,
        summary: {
          completionText: '1+2=33',
          thinking: '1+2=3',
          answer: '3',
          stopReason: 'end',
          verdict: { correct: true, expected: '3', found: '3' },
          numThinkingTokens: 1,
          numTokens: 2,
          thinkingMs: 5,
        },
      },
    },
    {
      atMs: 20,
      event: {
        type: 'askFinished',
        askId: 1,
        expertLoad: [],
        summary: { prefill: { tokens: 5, ms: 1 }, decode: { tokens: 2, ms: 9 } },
      },
    },
  ],
};

const stepAt = (step: number, accuracy: number): RunRecording['events'][number] => ({
  atMs: step * 10,
  event: {
    type: 'stepFinished',
    runId: 'r',
    groups: [],
    expertLoad: [],
    step: { step, metrics: { reward: accuracy, 'eval/accuracy': accuracy } },
  },
});

export const runRecording = {
  version: 2,
  kind: 'run',
  madeBy,
  events: [
    {
      atMs: 0,
      event: {
        type: 'runChanged',
        run: {
          id: 'r',
          name: 'calm-otter-7',
          createdAt: madeBy.at,
          baseModel: 'base',
          parents: [],
          step: 0,
          status: 'running',
          settings: {
            task: 'chained_sums',
            difficulty: {},
            preset: 'R1-Zero',
            config: grpoConfig({ max_steps: 2, seed: 1 }),
            evalProblems: 64,
            evalEvery: 1,
            checkpointEvery: 10,
          },
        },
      },
    },
    stepAt(1, 0.39),
    stepAt(2, 0.81),
  ],
};

/** One of two thousand steps with as many metrics as the trainer has; the first 1500 come at once. */
export function longRunRecording() {
  const [begun] = runRecording.events;
  const metricsAt = (step: number) =>
    Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`phase/${i}`, Math.sin(step / (i + 1))]));
  const steps = Array.from({ length: 2000 }, (_, i) => {
    const { event } = stepAt(i + 1, i / 2000);
    if (event.type !== 'stepFinished') throw new Error('a step was expected');
    const { step, metrics } = event.step;
    return {
      atMs: Math.max(0, i - 1500),
      event: { ...event, step: { step, metrics: { ...metrics, ...metricsAt(step) } } },
    };
  });
  return { ...runRecording, events: [begun, ...steps] };
}
