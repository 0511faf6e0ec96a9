// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434). Over packed texts keys and values are expanded from
// their latents; a decode step attends to the cached latents, with the expansion absorbed into query and output.
import { operandOf } from '../../graph/operations/fp8';
import { latent } from '../../graph/operations/latent';
import { linear } from '../../graph/operations/linear';
import { rope } from '../../graph/operations/rope';
import { latentShape, type MlaShape } from '../../kernels/attention/attention';
import { cacheAppend } from '../../kernels/attention/cacheAppend';
import { keyParts } from '../../kernels/attention/keyParts';
import { mlaDecode } from '../../kernels/attention/mlaDecode';
import { fp8Cache } from '../../kernels/quantization/fp8';
import type { LatentAttention } from '../architecture';
import {
  attend,
  type Block,
  type BlockParameter,
  countElements,
  norm,
  normParameter,
  project,
  projection,
} from '../block';

function shapeOf({ heads, nope, rope: { width }, value, scale }: LatentAttention, rows: number): MlaShape {
  return { rows, heads, nope, rope: width, value, scale };
}

function parameters(a: LatentAttention, width: number): BlockParameter[] {
  const { heads, queryRank, rank, nope, value, hasBias } = a;
  const queryWidth = heads * (nope + a.rope.width);
  const query =
    queryRank === null
      ? projection('query', queryWidth, width)
      : [
          ...projection('queryDown', queryRank, width, hasBias),
          normParameter('queryNorm', queryRank),
          ...projection('queryUp', queryWidth, queryRank),
        ];
  return [
    normParameter('norm', width),
    ...query,
    ...projection('latentDown', rank + a.rope.width, width, hasBias),
    normParameter('latentNorm', rank),
    ...projection('latentUp', heads * (nope + value), rank),
    ...projection('output', width, heads * value, hasBias),
  ];
}

/** A token's latent and its key's turned part. */
const cacheWidth = ({ rank, rope: { width } }: LatentAttention) => rank + width;

export const latentAttention: Block<LatentAttention> = {
  parameters,
  cost: (a, width) => ({
    active: countElements(parameters(a, width)),
    perKey: a.heads * (a.nope + a.rope.width + a.value),
    cacheBytes: 4 * cacheWidth(a),
  }),

  forward(pass, a, epsilon, h) {
    const { g, rows, cache } = pass;
    const turns = pass.rope(a.rope);
    const x = norm(pass, 'norm', h, epsilon);
    const q =
      a.queryRank === null
        ? project(pass, 'query', x)
        : project(pass, 'queryUp', norm(pass, 'queryNorm', project(pass, 'queryDown', x), a.epsilon));
    const heads = { heads: a.heads, headWidth: a.nope + a.rope.width, rope: a.rope.width };
    const turned = rope(g, q, heads, turns);
    const shape = { rank: a.rank, rope: a.rope.width, epsilon: a.epsilon };
    const down = project(pass, 'latentDown', x);
    const { c, kRope } = latent(g, down, pass.parameter('latentNorm.weight'), shape, turns);
    const up = pass.parameter('latentUp.weight');
    // A decode step multiplies what is cached with the same weight.
    const cached = { a: operandOf(g, c, a.rank, up), b: kRope };
    if (cache) g.emitOnce(cacheAppend({ rows, first: a.rank, second: a.rope.width }, { ...cached, cache }));
    const kv = linear(g, 'latentUp', c, up);
    return project(pass, 'output', attend(pass, { shape: latentShape(shapeOf(a, rows)), q: turned, kv, kRope }), h);
  },

  decode(step, a, epsilon, h) {
    const { g, rows, maxKeys } = step;
    const { rank, queryRank, rope: turning } = a;
    const kvMatrix = step.matrix('latentDown');
    const qMatrix = step.matrix(queryRank === null ? 'query' : 'queryDown');
    const projected = step.linear('query latentDown', h, [qMatrix, kvMatrix], {
      norm: step.norm('norm.weight', epsilon),
    });
    const kvStride = qMatrix.columns + kvMatrix.columns;
    const q =
      queryRank === null
        ? projected
        : step.linear('queryUp', projected, [step.matrix('queryUp')], {
            norm: step.norm('queryNorm.weight', a.epsilon),
            xStride: kvStride,
          });
    const parts = keyParts(maxKeys);
    const y = g.tensor('attention', [rows, a.heads * a.value]);
    const scratch = (label: string, width: number) => g.tensor(label, [rows, a.heads, width]);
    const [append, ...attend] = mlaDecode(
      {
        ...shapeOf(a, rows),
        rank,
        maxKeys,
        qStride: q.shape[1] as number,
        kvStride,
        kvOffset: qMatrix.columns,
        isInterleaved: turning.isInterleaved,
        norm: step.norm('latentNorm.weight', a.epsilon),
        at: step.place('latentUp.weight').at,
      },
      {
        places: step.places,
        q,
        kv: projected,
        pool: step.poolWith('latentUp.weight', 'latentNorm.weight'),
        table: step.ropeTable(turning),
        cache: step.cache,
        query: scratch('query', rank + turning.width),
        sums: scratch('latent sums', parts * rank),
        largests: scratch('largest scores', parts),
        totals: scratch('score totals', parts),
        y,
      },
    );
    if (append) g.emit(append);
    if (step.isFp8) g.emit(fp8Cache({ rows, rank, width: cacheWidth(a) }, { places: step.places, cache: step.cache }));
    g.emit(...attend);
    return step.linear('output', y, [step.matrix('output')], { residual: h });
  },
};
