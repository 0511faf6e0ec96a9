import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { directorySource } from '../formats/huggingface/nodeDirectory';
import { readFolder } from '../formats/huggingface/readFolder';
import { Weights } from '../model/weights';
import { referenceModel } from '../reference/model';
import { expectClose } from '../testing/close';
import { FAMILY_FIXTURES, FIXTURES, loadFixture } from '../testing/fixture';
import { setUpRuntime, tinyModel } from '../testing/tinyModel';
import { readAttention } from './attention';

const runtime = setUpRuntime();

describe.each([...FIXTURES, ...FAMILY_FIXTURES])('what a token attends to in %s', (name) => {
  it('is what the reference says, by layer and head, its content and its position', async () => {
    const path = fileURLToPath(new URL(`../testing/fixtures/${name}`, import.meta.url));
    const folder = await readFolder(directorySource(path));
    const fixture = loadFixture(name);
    const weights = await Weights.upload(runtime().device, folder.description.architecture, folder.tensors, false);
    const ids = [...fixture.tensor('input_ids').subarray(0, 24)];
    const { attention } = referenceModel(
      fixture.architecture,
      fixture.weights,
      ids,
      ids.map(() => 0),
    );
    const because = 'f32 through the layers below';
    for (const n of [0, 1, 23]) {
      const layers = await readAttention(runtime(), weights, ids.slice(0, n + 1));
      expect(layers).toHaveLength(attention.length);
      for (const { layer, heads, first } of layers) {
        for (const [head, { content, position, weights: shares }] of heads.entries()) {
          const truth = attention[layer]?.(n, head);
          expect(first + shares.length).toBe(n + 1);
          expectClose(shares, truth?.p ?? [], { relative: 1e-4, absolute: 1e-6, because });
          if (!truth?.products) continue;
          const close = { relative: 1e-4, absolute: 1e-4, because };
          expectClose(
            content,
            truth.products.map((one) => one.content),
            close,
          );
          expectClose(
            position,
            truth.products.map((one) => one.position),
            close,
          );
        }
      }
    }
    weights.destroy();
  });
});

it('leaves nothing on the device', async () => {
  const { weights } = await tinyModel(runtime(), false);
  await readAttention(runtime(), weights, [1, 2, 3]);
  const held = runtime().device.memory.bytes;
  await readAttention(runtime(), weights, [1, 2, 3]);
  expect(runtime().device.memory.bytes).toBe(held);
  weights.destroy();
});
