import { expect, test } from 'vitest';
import { type BufferRange, whole } from '../../device/contract';
import { expectClose } from '../../testing/close';
import { integers, normalFloats } from '../../testing/numbers';
import { setUpRuntime } from '../../testing/tinyModel';
import { CompiledGraph } from '../compile';
import { Graph } from '../graph';
import { logProbs, vocabularyChunks } from './logProbs';

const runtime = setUpRuntime();

interface Shape {
  readonly rows: number;
  readonly width: number;
  readonly vocabulary: number;
}

async function run({ rows, width, vocabulary }: Shape, isWhole: boolean) {
  const { device, readback } = runtime();
  const upload = (data: Float32Array | Uint32Array): BufferRange => {
    const buffer = device.createBuffer('test', data.byteLength);
    device.write(buffer, data);
    return whole(buffer);
  };
  const size = vocabulary * width;
  const [head, dHead] = [upload(normalFloats(size, 1)), upload(new Float32Array(size))];
  const input = upload(normalFloats(rows * width, 2));
  const targets = upload(Uint32Array.from(integers(rows, vocabulary, 3)));
  const slopes = upload(normalFloats(rows * 2, 4));
  const g = new Graph();
  const x = g.bind('x', [rows, width], input);
  let dx = x;
  // What x is made of: its gradient ends here.
  g.onBackward([x], (gradient) => {
    dx = gradient;
  });
  const scores = logProbs(
    g,
    { x, head: g.bind('head', [vocabulary, width], head, dHead), targets: g.bind('targets', [rows], targets) },
    { temperature: 0.7, isWhole },
  );
  g.backward(scores.logProb, g.bind('slopes', [rows, 2], slopes));
  const graph = await CompiledGraph.compile(device, 'test', g, [scores.logProb, scores.entropy, dx]);
  graph.program.submit();
  const read = (range: BufferRange, length: number) => readback.readF32({ ...range, size: length * 4 });
  const results = {
    logProb: await read(graph.rangeOf(scores.logProb), rows),
    entropy: await read(graph.rangeOf(scores.entropy), rows),
    dx: await read(graph.rangeOf(dx), rows * width),
    dHead: await read(dHead, size),
  };
  const { bytes } = graph;
  graph.destroy();
  for (const { buffer } of [head, dHead, input, targets, slopes]) device.destroyBuffer(buffer);
  return { ...results, bytes };
}

test.each([
  { rows: 5, width: 12, vocabulary: 1028 },
  { rows: 9, width: 7, vocabulary: 1025 },
  { rows: 67, width: 16, vocabulary: 2049 },
])('in chunks as in one piece: $rows rows of $width, $vocabulary tokens', async (shape) => {
  const [chunked, whole] = [await run(shape, false), await run(shape, true)];
  const because = `f32 sums of ${shape.vocabulary} terms in another order`;
  for (const name of ['logProb', 'entropy', 'dx', 'dHead'] as const) {
    expectClose(chunked[name], whole[name], { relative: 5e-6, because });
  }
});

test('the logits of 4,096 tokens are never there at once', async () => {
  const shape = { rows: 256, width: 16, vocabulary: 4096 };
  const logitsBytes = shape.rows * shape.vocabulary * 4;
  // A chunk of four, and the parts of its gradient.
  expect((await run(shape, false)).bytes).toBeLessThan(0.35 * logitsBytes);
  expect((await run(shape, true)).bytes).toBeGreaterThanOrEqual(logitsBytes);
});

test('chunks cover a vocabulary once, in order, each starting where a binding may', () => {
  for (const vocabulary of [1, 136, 1024, 1025, 2049, 4096, 100_003]) {
    const chunks = vocabularyChunks(vocabulary);
    expect(chunks.reduce((sum, { columns }) => sum + columns, 0)).toBe(vocabulary);
    chunks.forEach(({ first, columns }, i) => {
      expect(first).toBe(i === 0 ? 0 : (chunks[i - 1]?.first ?? 0) + (chunks[i - 1]?.columns ?? 0));
      expect(first % 64).toBe(0);
      expect(columns).toBeGreaterThan(0);
      expect(columns).toBeLessThanOrEqual(1024);
    });
  }
});
