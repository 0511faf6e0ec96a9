// Rollouts, many and one, and the time to a first token.
import type { GenerateRequest } from '../../engine/generateRequest';
import { Generator } from '../../engine/generator';
import { loadLanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import type { Architecture } from '../../model/architecture';
import { forwardOperations } from '../../model/operations';
import { Weights } from '../../model/weights';
import { completeDifficulty } from '../../tasks/difficulty';
import { allTasks } from '../../tasks/registry';
import type { Task } from '../../tasks/task';
import { drawProblems, rolloutKey } from '../../trainer/evaluation/evaluate';
import { DENSE, denseArchitecture, denseTensors, peerTensors } from './dense';
import { median } from './statistics';
import { type Prepared, repeat, type Workload } from './workload';

const NEW_TOKENS = 48;

/** Operations of one rollout's new tokens: reading the prompt is not counted. The first is made of the prompt's last token. */
function decodeOperations(architecture: Architecture, promptTokens: number): number {
  const first = promptTokens - 1;
  return forwardOperations(architecture, [{ first, end: first + NEW_TOKENS }]);
}

async function decodingRuns(
  runtime: Runtime,
  weights: Weights,
  prompt: readonly number[],
  rollouts: number,
  sampling: { temperature: number; numTokens: number },
): Promise<Prepared> {
  const capacity = { rollouts, maxNewTokens: NEW_TOKENS, promptTokens: prompt.length, hasAlternatives: false };
  const generator = new Generator(runtime, weights, capacity);
  const request: GenerateRequest = {
    prompts: [prompt],
    members: rollouts,
    // No token ends a rollout, so that every run does the same work.
    sampling: { topP: 1, topK: 0, maxNewTokens: NEW_TOKENS, endTokens: [], ...sampling },
    key: (group, member) => rolloutKey(0, 'rollout', group, member),
  };
  await generator.warmUp(rollouts);
  const tokens = rollouts * NEW_TOKENS;
  const work = { tokens, flops: rollouts * decodeOperations(weights.architecture, prompt.length) };
  const stepMs: number[] = [];
  const run = async () => {
    await generator.generate(request);
    const { decodeMs, steps } = generator.timing;
    stepMs.push(decodeMs / steps);
    return work;
  };
  return {
    run: (times) => repeat(times, run),
    profile: () => generator.profile(rollouts),
    profiled: 'one decode step',
    detail: () =>
      `${generator.timing.readbacks} readbacks in ${generator.timing.steps} steps of ${median(stepMs).toFixed(2)} ms`,
    destroy: async () => {
      await generator.destroy();
      weights.destroy();
    },
  };
}

/**
 * Rollouts of one prompt by the model; of a prompt that is repeated so often that the last token stands at
 * `lastPosition`, if given.
 */
export function decodeWorkload(rollouts: number, lastPosition?: number): Workload {
  const many = rollouts === 1 ? 'one rollout' : `${rollouts} rollouts`;
  const where = lastPosition === undefined ? '' : `, the last at position ${lastPosition}`;
  return {
    about: `${many} of one prompt by the model, ${NEW_TOKENS} tokens each${where}; none ends early`,
    prepare: async (runtime, source) => {
      const { weights, tokenizer } = await loadLanguageModel(runtime, source.name, source.folder, false);
      const task = allTasks()[0] as Task;
      const [problem] = drawProblems(task, completeDifficulty(task.dials, {}), 'held-out', 0, 1);
      const question = tokenizer.encodePrompt(problem?.question ?? '');
      const length = lastPosition === undefined ? question.length : lastPosition + 1 - NEW_TOKENS;
      const prompt = Array.from({ length }, (_, i) => question[i % question.length] as number);
      const sampling = { temperature: 1, numTokens: tokenizer.vocabSize };
      return decodingRuns(runtime, weights, prompt, rollouts, sampling);
    },
  };
}

/** Tokens that are compared between the peers; later ones may part where two are almost equally likely. */
const CHECKED_TOKENS = 4;
const DENSE_PROMPT = Array.from({ length: 16 }, (_, i) => (7 * i + 3) % DENSE.vocabulary);

/**
 * One greedy rollout with cached keys and values.
 */
export const decodeDense: Workload = {
  about: `one greedy rollout of ${NEW_TOKENS} tokens after ${DENSE_PROMPT.length}: dense, 1 M parameters, cached keys and values`,
  peerTask: () => ({
    kind: 'decode',
    work: { tokens: NEW_TOKENS, flops: decodeOperations(denseArchitecture(DENSE), DENSE_PROMPT.length) },
    input: {
      shape: DENSE,
      tensors: peerTensors(DENSE, 0),
      prompt: DENSE_PROMPT,
      newTokens: NEW_TOKENS,
      checkedTokens: CHECKED_TOKENS,
    },
  }),
  prepare: async (runtime) => {
    const weights = await Weights.upload(runtime.device, denseArchitecture(DENSE), denseTensors(DENSE, 0), false);
    const sampling = { temperature: 0, numTokens: DENSE.vocabulary };
    return decodingRuns(runtime, weights, DENSE_PROMPT, 1, sampling);
  },
};

/** From a device that is open to the first token of an answer. */
export const startUp: Workload = {
  about: 'weights onto the device, kernels compiled, a prompt read, one token drawn; once, before all else',
  isCold: true,
  prepare: async (runtime, source) => {
    let clear = async () => {};
    return {
      run: async () => {
        const { weights, tokenizer } = await loadLanguageModel(runtime, source.name, source.folder, false);
        const prompt = tokenizer.encodePrompt((allTasks()[0] as Task).examples[0] ?? '');
        const size = { rollouts: 1, maxNewTokens: NEW_TOKENS, promptTokens: prompt.length };
        const generator = new Generator(runtime, weights, { ...size, hasAlternatives: false, readsByStep: true });
        const { endTokens, vocabSize } = tokenizer;
        await generator.generate({
          prompts: [prompt],
          members: 1,
          sampling: { temperature: 1, topP: 1, topK: 0, maxNewTokens: 1, endTokens, numTokens: vocabSize },
          key: () => [0, 0, 0],
        });
        clear = async () => {
          await generator.destroy();
          weights.destroy();
        };
        return {};
      },
      destroy: () => clear(),
    };
  },
};
