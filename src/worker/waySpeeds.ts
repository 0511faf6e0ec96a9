// How fast a device computes a product of matrices and a decode step, and whether it computes them right.
import { type BufferRange, type DeviceBuffer, whole } from '../device/contract';
import { Generator } from '../engine/generator';
import { type LanguageModel, loadLanguageModel, samplingOf } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { ModelFolder } from '../formats/huggingface/folder';
import { matmulNN } from '../kernels/matmul/matmul';

/** Rows, columns and depth. */
const SIZE = 256;
/** Entries that are computed again, in f64. */
const CHECKED = 64;

const PROMPT_TOKENS = 16;
const NEW_TOKENS = 128;

/** Compilers make programs faster while they run: so long at least, and until a sample is hardly faster than the one before. */
const WARM_UP_MS = { least: 150, most: 800 };
const HARDLY_FASTER = 0.9;
/** A sample lasts about so long: clocks of browsers tick coarsely. */
const SAMPLE_MS = 12;
const MOST_RUNS = 2048;
const SAMPLES = 7;
/** Samples of what is slow are fewer, at least three. */
const MOST_MS = 150;

/** A number that a device computed, and what is right. */
export interface Computed {
  readonly got: number;
  readonly needed: number;
}

/** Milliseconds of one run: the median of several short samples. @param time milliseconds of so many runs. */
async function medianMs(time: (runs: number) => Promise<number>): Promise<number> {
  let runs = 1;
  let lastMs = Number.POSITIVE_INFINITY;
  for (let spentMs = 0; spentMs < WARM_UP_MS.most; ) {
    const sampleMs = await time(runs);
    const ms = Math.max(sampleMs / runs, 1e-3);
    spentMs += sampleMs;
    if (spentMs > WARM_UP_MS.least && ms > HARDLY_FASTER * lastMs) break;
    lastMs = ms;
    runs = Math.min(MOST_RUNS, Math.ceil(SAMPLE_MS / ms));
  }
  const samples: number[] = [];
  for (let spentMs = 0; samples.length < 3 || (samples.length < SAMPLES && spentMs < MOST_MS); ) {
    const sampleMs = await time(runs);
    samples.push(sampleMs / runs);
    spentMs += sampleMs;
  }
  return samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)] as number;
}

/** Numbers from −1 to 1 that no sum of them gives by chance. */
const numbers = (seed: number) => Float32Array.from({ length: SIZE * SIZE }, (_, i) => Math.sin(seed + i * i));

/** y = a · b of SIZE × SIZE each, f32: 10⁹ operations a second, and of the checked entries of y the one furthest off. */
export async function productSpeed({ device, readback }: Runtime): Promise<Computed & { readonly gflops: number }> {
  const [a, b] = [numbers(1), numbers(2)];
  const [bufferA, bufferB, bufferY] = ['a', 'b', 'y'].map((name) =>
    device.createBuffer(`Ways.${name}`, 4 * SIZE * SIZE),
  ) as [DeviceBuffer, DeviceBuffer, DeviceBuffer];
  device.write(bufferA, a);
  device.write(bufferB, b);
  const program = await device.compile('Ways', [
    matmulNN<BufferRange>({
      label: 'Ways.product',
      ...{ rows: SIZE, columns: SIZE, depth: SIZE },
      ...{ a: whole(bufferA), b: whole(bufferB), y: whole(bufferY) },
    }),
  ]);
  program.submit();
  const y = await readback.readF32(whole(bufferY));
  const ms = await medianMs((runs) => program.time(runs));
  program.destroy();
  for (const buffer of [bufferA, bufferB, bufferY]) device.destroyBuffer(buffer);
  return { gflops: (2 * SIZE ** 3) / ms / 1e6, ...furthestOff(a, b, y) };
}

function furthestOff(a: Float32Array, b: Float32Array, y: Float32Array): Computed {
  const checked = Array.from({ length: CHECKED }, (_, i) => {
    const place = (i * 1021) % (SIZE * SIZE);
    const [row, column] = [Math.floor(place / SIZE), place % SIZE];
    let needed = 0;
    for (let k = 0; k < SIZE; k++) needed += (a[row * SIZE + k] as number) * (b[k * SIZE + column] as number);
    return { got: y[place] as number, needed };
  });
  // Written so that what is not a number is furthest off.
  return checked.reduce((worst, next) =>
    Math.abs(next.got - next.needed) <= Math.abs(worst.got - worst.needed) ? worst : next,
  );
}

/**
 * Tokens a second of one answer, in decode steps half way through it, and the log-probability of the likeliest token after a
 * prompt, which all devices agree on.
 */
export async function decodeSpeed(
  runtime: Runtime,
  folder: ModelFolder,
): Promise<{ readonly tokensPerSecond: number; readonly logp: number }> {
  const model = await loadLanguageModel(runtime, 'ways', folder, false);
  const positions = model.architecture.maxPositions;
  const maxNewTokens = Math.min(NEW_TOKENS, positions - PROMPT_TOKENS);
  const capacity = { rollouts: 1, maxNewTokens, promptTokens: PROMPT_TOKENS, hasAlternatives: false };
  const generator = new Generator(runtime, model.weights, { ...capacity, readsByStep: true });
  try {
    const logp = await likeliestLogp(generator, model);
    // From half way on; an answer that has ended takes no time.
    const most = Math.max(1, Math.floor(maxNewTokens / 4));
    const ms = await medianMs(async (steps) => {
      let stepsMs = 0;
      for (let left = steps; left > 0; left -= most) stepsMs += await generator.timeSteps(1, Math.min(left, most));
      return stepsMs;
    });
    return { tokensPerSecond: 1000 / ms, logp };
  } finally {
    await generator.destroy();
    model.weights.destroy();
  }
}

async function likeliestLogp(generator: Generator, model: LanguageModel): Promise<number> {
  const { numTokens } = samplingOf(model);
  const [rollout] = await generator.generate({
    prompts: [Array.from({ length: PROMPT_TOKENS }, (_, i) => (7 * i + 3) % numTokens)],
    members: 1,
    sampling: samplingOf(model, { temperature: 1, topP: 1, topK: 1, maxNewTokens: 1 }),
    key: () => [0, 0, 0],
  });
  return rollout?.logps[0] ?? Number.NaN;
}
