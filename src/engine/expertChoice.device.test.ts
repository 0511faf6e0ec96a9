import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { directorySource } from '../formats/huggingface/nodeDirectory';
import { readFolder } from '../formats/huggingface/readFolder';
import { Weights } from '../model/weights';
import { referenceModel } from '../reference/model';
import { moeRoute } from '../reference/moeRoute';
import { expectClose } from '../testing/close';
import { FIXTURES, loadFixture } from '../testing/fixture';
import { setUpRuntime, tinyModel } from '../testing/tinyModel';
import { readExpertChoice } from './expertChoice';
import { Generator } from './generator';

const runtime = setUpRuntime();

describe.each(FIXTURES)('the choice of experts in %s', (name) => {
  it('is that of the reference, token by token, with its weights', async () => {
    const path = fileURLToPath(new URL(`../testing/fixtures/${name}`, import.meta.url));
    const folder = await readFolder(directorySource(path));
    const fixture = loadFixture(name);
    const weights = await Weights.upload(runtime().device, folder.description.architecture, folder.tensors, false);
    const ids = [...fixture.tensor('input_ids').subarray(0, 24)];
    const choices = await readExpertChoice(runtime(), weights, ids);
    const { routing } = referenceModel(
      fixture.architecture,
      fixture.weights,
      ids,
      ids.map(() => 0),
    );
    expect(choices.map(({ layer }) => layer)).toEqual(weights.moeLayers);
    expect(routing).toHaveLength(choices.length);
    choices.forEach(({ experts, weights: shares }, i) => {
      expect([...experts]).toEqual([...(routing[i]?.experts ?? [])]);
      expectClose(shares, routing[i]?.weights ?? [], { relative: 1e-5, because: 'f32 through the layers below' });
    });
    // The scores and the bias that are told lead to the choice and the weights that are told.
    for (const { scores, bias, numExperts, topK, router, experts, weights: shares } of choices) {
      const logits = scores.map((score) =>
        router.scoring === 'sigmoid' ? Math.log(score / (1 - score)) : Math.log(score),
      );
      const given = bias.length > 0 ? bias : new Float32Array(numExperts);
      const routed = moeRoute(logits, given, {
        experts: numExperts,
        topK,
        groups: router.numGroups,
        topGroups: router.keptGroups,
        normalize: router.isNormalized,
        scoring: router.scoring,
        scalingFactor: router.scale,
      });
      expect([...routed.experts]).toEqual([...experts]);
      expectClose(routed.weights, shares, { relative: 1e-4, because: 'scores in f32, and back to logits' });
    }
    weights.destroy();
  });
});

describe('the choice of experts, read again after an answer,', () => {
  it('is what decoding counted', async () => {
    const { weights, tokenizer } = await tinyModel(runtime(), false);
    const capacity = { rollouts: 1, maxNewTokens: 24, promptTokens: 16, hasAlternatives: false };
    const generator = new Generator(runtime(), weights, capacity);
    const prompt = tokenizer.encodePrompt('1+2=?');
    weights.clearLoads();
    const sampling = { temperature: 1, topP: 1, topK: 0, maxNewTokens: 24 };
    const [rollout] = await generator.generate({
      prompts: [prompt],
      members: 1,
      sampling: { ...sampling, endTokens: tokenizer.endTokens, numTokens: tokenizer.vocabSize },
      key: () => [1, 2, 3],
    });
    const [loads] = await runtime().readback.read([weights.loadsRange]);
    const counted = weights.unpackLoads(loads as ArrayBuffer);
    // The last token was drawn and never read.
    const read = [...prompt, ...(rollout?.tokens.slice(0, -1) ?? [])];
    const choices = await readExpertChoice(runtime(), weights, read);
    const counts = choices.map(({ layer, numExperts, experts }) => ({
      layer,
      counts: Array.from({ length: numExperts }, (_, e) => experts.filter((one) => one === e).length),
    }));
    expect(counts).toEqual(counted);
    expect(read.length).toBeGreaterThan(prompt.length + 4);
    await generator.destroy();
    weights.destroy();
  });

  it('leaves nothing on the device', async () => {
    const { weights } = await tinyModel(runtime(), false);
    await readExpertChoice(runtime(), weights, [1, 2, 3]);
    const held = runtime().device.memory.bytes;
    await readExpertChoice(runtime(), weights, [1, 2, 3]);
    expect(runtime().device.memory.bytes).toBe(held);
    weights.destroy();
  });
});
