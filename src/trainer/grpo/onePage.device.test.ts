// The GRPO of one page (src/ui/onePage/grpo.ts) is the engine's: the same model, the same answers, and every number agrees.
import { describe, expect, it } from 'vitest';
import { floatTensor } from '../../lib/tensors/storedTensor';
import { parseConfigJson } from '../../model/configJson';
import { Weights } from '../../model/weights';
import { expectClose } from '../../testing/close';
import { setUpRuntime } from '../../testing/tinyModel';
import { createModel, createRandom, encode, type Model, SETTINGS, train, type Vector } from '../../ui/onePage/grpo';
import type { Found } from '../../ui/onePage/session';
import { adamwSettings } from '../optimizer/optimizerSettings';
import { advantages } from './advantages';
import { grpoConfig } from './grpoConfig';
import { createUpdateParts } from './grpoParts';
import type { TrainingRollout } from './grpoUpdate';

const STEPS = 20;
const runtime = setUpRuntime();

/** The engine's name of each of the page's parameters. */
const NAMES: Record<keyof Model, string> = {
  embedding: 'embedding.weight',
  attentionGain: 'layers.0.attention.norm.weight',
  query: 'layers.0.attention.query.weight',
  key: 'layers.0.attention.key.weight',
  value: 'layers.0.attention.value.weight',
  output: 'layers.0.attention.output.weight',
  networkGain: 'layers.0.feedForward.norm.weight',
  gate: 'layers.0.feedForward.gate.weight',
  up: 'layers.0.feedForward.up.weight',
  down: 'layers.0.feedForward.down.weight',
  lastGain: 'norm.weight',
  head: 'head.weight',
};
const PARTS = Object.entries(NAMES) as [keyof Model, string][];

const flat = (rows: readonly Vector[], what: keyof Vector) => rows.flatMap((row) => [...row[what]]);

/** The page's model on the device, as a Llama. */
function upload(model: Model): Promise<Weights> {
  const [width, hidden, vocabulary] = [model.query.length, model.gate.length, model.embedding.length];
  const { architecture } = parseConfigJson({
    model_type: 'llama',
    vocab_size: vocabulary,
    hidden_size: width,
    intermediate_size: hidden,
    num_hidden_layers: 1,
    num_attention_heads: 1,
    num_key_value_heads: 1,
    max_position_embeddings: 16,
    rms_norm_eps: 1e-6,
    tie_word_embeddings: false,
  });
  const tensors = PARTS.map(([part, name]): [string, ReturnType<typeof floatTensor>] => {
    const rows = model[part];
    const columns = (rows[0] as Vector).data.length;
    const shape = part.endsWith('Gain') ? [columns] : [rows.length, columns];
    return [name, floatTensor(shape, Float32Array.from(flat(rows, 'data')))];
  });
  return Weights.upload(runtime().device, architecture, new Map(tensors), true);
}

const config = grpoConfig({
  num_prompts: SETTINGS.questions,
  num_generations: SETTINGS.answers,
  num_iterations: SETTINGS.passes,
  max_completion_length: SETTINGS.longest,
  max_steps: STEPS,
  loss_type: 'grpo',
  epsilon: SETTINGS.epsilon,
  learning_rate: SETTINGS.learningRate,
  lr_scheduler_type: 'constant',
  adam_beta1: SETTINGS.beta1,
  adam_beta2: SETTINGS.beta2,
  weight_decay: SETTINGS.weightDecay,
  max_grad_norm: SETTINGS.maxNorm,
});

describe('the GRPO of one page', () => {
  it(`has the engine's advantages, loss, gradient and weights for ${STEPS} optimizer steps`, async () => {
    const random = createRandom(1);
    const model = createModel(random);
    const weights = await upload(model);
    const { gradient, optimizer } = await createUpdateParts(runtime(), weights, config);
    const { readback } = runtime();
    let rollouts: TrainingRollout[] = [];
    let rewards: number[] = [];
    let updates = 0;
    let clipped = 0;
    for (const found of train(random, model) as Iterable<Partial<Found>>) {
      if (found.groups) {
        rollouts = found.groups.flat().map(({ question, tokens, logps }) => {
          return { prompt: encode(question), completion: tokens, oldLogps: logps, advantage: 0, isMasked: false };
        });
      } else if (found.rewards) {
        rewards = found.rewards.flat();
      } else if (found.advantages) {
        const given = found.advantages.flat();
        const expected = advantages(rewards, SETTINGS.answers, 'group').advantages;
        expectClose(given, expected, { absolute: 1e-6, because: 'the engine keeps advantages in f32' });
        rollouts = rollouts.map((rollout, i) => ({ ...rollout, advantage: given[i] as number }));
      } else if (found.loss !== undefined) {
        const numItemsInBatch = rollouts.reduce((sum, { completion }) => sum + completion.length, 0);
        const place = { numItemsInBatch, isOnPolicy: false, isFresh: updates % SETTINGS.passes === 0 };
        const { loss, metrics } = await gradient.accumulate({ rollouts, options: config, ...place });
        expectClose([found.loss], [loss], { absolute: 1e-5, because: 'f64 beside f32' });
        clipped += metrics['clip_ratio/region_mean'] as number;
      } else if (found.norm !== undefined) {
        const engine = await weights.readGradients(readback);
        for (const [part, name] of PARTS) {
          const expected = engine.get(name)?.data ?? [];
          expectClose(flat(model[part], 'grad'), expected, { absolute: 1e-5, because: 'f64 beside f32' });
        }
        optimizer.step(adamwSettings(config, updates, STEPS));
        const { norm } = await optimizer.readState();
        expectClose([found.norm], [norm], { relative: 1e-5, because: 'f64 beside f32' });
      } else if (found.update !== undefined) {
        updates = found.update;
        if (updates === STEPS) break;
      }
    }
    const engine = await weights.read(readback);
    for (const [part, name] of PARTS) {
      const expected = engine.get(name)?.data ?? [];
      expectClose(flat(model[part], 'data'), expected, { absolute: 1e-5, because: `f64 beside f32, ${STEPS} steps` });
    }
    // Else the clip would not have been compared.
    expect(clipped).toBeGreaterThan(0);
    gradient.destroy();
    optimizer.destroy();
    weights.destroy();
  });
});
