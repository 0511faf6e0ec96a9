// Training steps of mixture-of-experts models, and a GRPO step.
import { type LanguageModel, loadLanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { rng } from '../../lib/rng';
import type { FeedForward } from '../../model/architecture';
import { forwardOperations } from '../../model/operations';
import { countParameters } from '../../model/parameterShapes';
import { initialTensors } from '../../model/parameters';
import { presetModel } from '../../model/presets';
import { Weights } from '../../model/weights';
import { corpusSettings, document } from '../../tasks/corpus';
import { completeDifficulty } from '../../tasks/difficulty';
import { allTasks } from '../../tasks/registry';
import type { Task } from '../../tasks/task';
import { drawProblems } from '../../trainer/evaluation/evaluate';
import { GrpoTraining } from '../../trainer/grpo/grpo';
import { grpoConfig } from '../../trainer/grpo/grpoConfig';
import { planGrpo } from '../../trainer/grpo/grpoParts';
import { lengthOf, type Sequence, sequenceFrom, TextStream } from '../../trainer/packing';
import { phaseOperations } from '../../trainer/phases';
import { createLikelihoodParts, planLikelihood } from '../../trainer/texts/likelihoodParts';
import { initialFolder } from '../../trainer/texts/pretrain';
import { sftText } from '../../trainer/texts/sft';
import { Trainer } from '../../trainer/trainer';
import { megabytes } from '../memory';
import type { ModelOnDisk } from '../models';
import { median } from './statistics';
import { repeat, type Workload } from './workload';

const TRAINING_TOKENS = 2048;
const NEW_TOKENS = 48;
const TASK = allTasks()[0] as Task;
const ADAMW = {
  learning_rate: 1e-5,
  lr_scheduler_type: 'constant',
  warmup_steps: 0,
  adam_beta1: 0.9,
  adam_beta2: 0.95,
  adam_epsilon: 1e-8,
  weight_decay: 0,
  max_grad_norm: 1,
} as const;

/** Steps on texts that fit TRAINING_TOKENS together. */
async function trainingSteps(runtime: Runtime, weights: Weights, next: () => Sequence[]) {
  const shape = { capacity: TRAINING_TOKENS, biasSpeed: 0 };
  const plan = await planLikelihood(runtime, weights.architecture, shape);
  const parts = await createLikelihoodParts(runtime, weights, shape);
  const trainer = new Trainer(parts, ADAMW, Number.POSITIVE_INFINITY, weights.architecture.vocabulary);
  return {
    run: async (times: number) => {
      const lengths: number[] = [];
      for (let i = 0; i < times; i++) {
        const texts = next();
        trainer.step(texts);
        lengths.push(...texts.map(lengthOf));
      }
      await runtime.device.idle();
      const runs = lengths.map((end) => ({ first: 0, end }));
      // Forward once, backward twice.
      const flops = 3 * forwardOperations(weights.architecture, runs);
      return { tokens: lengths.reduce((sum, length) => sum + length, 0), flops };
    },
    detail: () => `plans ${megabytes(plan.bytes)}`,
    profile: () => trainer.profile(),
    profiled: 'forward, backward and AdamW',
    destroy: async () => {
      trainer.destroy();
      weights.destroy();
    },
  };
}

/** The model's own pretraining on worked sums. */
export const trainMoe: Workload = {
  about: `one step of the model on packed texts of at most ${TRAINING_TOKENS} tokens: forward, backward, AdamW`,
  prepare: async (runtime, source) => {
    const model = await loadLanguageModel(runtime, source.name, source.folder, true);
    const difficulty = completeDifficulty(TASK.dials, {});
    const worked = corpusSettings({ think_share: 1 });
    const stream = new TextStream(
      (index) => sftText(model.tokenizer, document(TASK, difficulty, worked, rng(0, 'corpus', index))),
      TRAINING_TOKENS,
    );
    return trainingSteps(runtime, model.weights, () => stream.nextBatch());
  },
};

const SEQUENCE = 64;
const VOCABULARY = 64;

/** A step on made-up tokens of a model that differs from the preset `micro` only in its feed-forward layers. */
function ratioWorkload(what: string, feedForward: FeedForward): Workload {
  return {
    about: `one step of ${what} on ${TRAINING_TOKENS} tokens`,
    prepare: async (runtime) => {
      const { architecture: micro, initializerRange } = presetModel('micro', VOCABULARY);
      const architecture = { ...micro, layers: micro.layers.map((layer) => ({ ...layer, feedForward })) };
      const tensors = initialTensors(architecture, initializerRange, 0);
      const weights = await Weights.upload(runtime.device, architecture, tensors, true);
      const texts = Array.from({ length: TRAINING_TOKENS / SEQUENCE }, (_, i): Sequence => {
        const draws = rng(0, 'corpus', i);
        const ids = Array.from({ length: SEQUENCE }, () => draws.integer(0, VOCABULARY - 1));
        return sequenceFrom(ids, 1);
      });
      const { total, active } = countParameters(architecture);
      const millions = (count: number) => `${(count / 1e6).toFixed(2)} M`;
      const steps = await trainingSteps(runtime, weights, () => texts);
      const parameters = `${millions(total)} parameters, ${millions(active)} active`;
      return { ...steps, detail: () => `${parameters}; ${steps.detail()}` };
    },
  };
}

const EXPERTS = {
  kind: 'experts',
  topK: 2,
  hidden: 128,
  numShared: 1,
  scores: 'sigmoid',
  hasSelectionBias: true,
  numGroups: 1,
  keptGroups: 1,
  isNormalized: true,
  scale: 1,
} as const;

/** The three that tell what experts cost: 3 × 128 hidden numbers a token in all of them. */
export const trainMoe8 = ratioWorkload('8 experts, 2 a token and 1 shared', { ...EXPERTS, numExperts: 8 });
export const trainMoe32 = ratioWorkload('32 experts, 2 a token and 1 shared', { ...EXPERTS, numExperts: 32 });
export const trainActiveDense = ratioWorkload('a dense model of as many active parameters', {
  kind: 'dense',
  hidden: 384,
});

const GRPO = {
  num_prompts: 16,
  num_generations: 8,
  max_completion_length: NEW_TOKENS,
  learning_rate: 1e-6,
  max_steps: 100_000,
};

/** Questions of a peer's training, which it goes through again and again. */
const PEER_PROBLEMS = 1024;

/** A GRPO step of a model, with what its parts took and how much of it the device was computing, where it has timestamps. */
function grpoWorkload(
  about: string,
  load: (runtime: Runtime, source: ModelOnDisk) => Promise<LanguageModel>,
): Workload {
  return {
    about,
    prepare: async (runtime, source) => {
      const model = await load(runtime, source);
      const config = grpoConfig(GRPO);
      const trainer = await GrpoTraining.create(runtime, model, TASK, completeDifficulty(TASK.dials, {}), config);
      const plan = await planGrpo(runtime, model.architecture, config);
      const { active } = countParameters(model.architecture);
      const parts = new Map<string, number[]>();
      const busyShares: number[] = [];
      const step = async () => {
        const { metrics, work } = await trainer.takeStep();
        const ms = (name: string) => (metrics[name] ?? 0) * 1000;
        const { prefillMs, decodeMs } = trainer.generator.timing;
        const sampling = prefillMs + decodeMs;
        const scoring = ms('time/sampling') - sampling + ms('time/scoring');
        // The sampler's log-probabilities are the old policy's, so no pass computes them again.
        const figures = {
          sampling,
          rewards: scoring,
          'log-probs': 0,
          update: ms('time/updating'),
          'idle in these': ms('time/bookkeeping'),
        };
        for (const [name, value] of Object.entries(figures)) parts.set(name, [...(parts.get(name) ?? []), value]);
        const busyMs = work.phases.reduce((sum, { ms = Number.NaN }) => sum + ms, 0);
        busyShares.push(busyMs / work.elapsedMs);
        return {
          tokens: (metrics['completions/mean_length'] ?? 0) * config.num_prompts * config.num_generations,
          flops: work.phases.reduce((sum, phase) => sum + phaseOperations(phase, active), 0),
        };
      };
      return {
        run: (times) => repeat(times, step),
        profile: () => trainer.profileUpdate(),
        profiled: 'one packed batch of the update, and AdamW',
        detail: () => {
          const medians = [...parts].map(([name, values]) => `${name} ${median(values).toFixed(0)}`);
          const busy = median(busyShares);
          const computing = Number.isNaN(busy) ? '' : `device computing ${(100 * busy).toFixed(0)} % of it; `;
          return `ms: ${medians.join(', ')}; ${computing}tokens are sampled ones; plans ${megabytes(plan.bytes)}`;
        },
        destroy: async () => {
          await trainer.destroy();
          model.weights.destroy();
        },
      };
    },
  };
}

export const grpoStep: Workload = {
  ...grpoWorkload(
    `one GRPO step of the model: 16 questions × 8 rollouts of at most ${NEW_TOKENS} tokens, scored, one update`,
    (runtime, { name, folder }) => loadLanguageModel(runtime, name, folder, true),
  ),
  peerTask: ({ path }) => {
    const problems = drawProblems(TASK, completeDifficulty(TASK.dials, {}), 'train', 0, PEER_PROBLEMS);
    return {
      kind: 'grpo',
      work: {},
      input: {
        folder: path,
        settings: GRPO,
        problems: problems.map(({ question, answer }) => ({ prompt: question, answer })),
      },
    };
  },
};

/** Random weights: what it says counts for nothing here. */
export const grpoStepSmall: Workload = {
  ...grpoWorkload('the same of an untrained model of 25 M parameters, the preset small', (runtime) =>
    loadLanguageModel(runtime, 'small', initialFolder({ preset: 'small', model: {}, seed: 0, task: TASK.name }), true),
  ),
  isOnlyAskedFor: true,
};
