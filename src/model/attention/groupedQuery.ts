// Grouped-query attention (Ainslie et al., arXiv 2305.13245): as many heads of keys as of queries is multi-head attention, one is
// multi-query attention.
import type { Tensor } from '../../graph/graph';
import { rope } from '../../graph/operations/rope';
import { type GroupedShape, groupedShape } from '../../kernels/attention/attention';
import { cacheAppend } from '../../kernels/attention/cacheAppend';
import { groupedDecode, groupedParts } from '../../kernels/attention/groupedDecode';
import type { GroupedQueryAttention } from '../architecture';
import {
  attend,
  type Block,
  type BlockParameter,
  countElements,
  type LayerPass,
  type LayerStep,
  norm,
  normParameter,
  project,
  projection,
} from '../block';

function shapeOf({ heads, kvHeads, headWidth, scale, window }: GroupedQueryAttention, rows: number): GroupedShape {
  return { rows, heads, kvHeads, width: headWidth, scale, window: window ?? undefined };
}

/** Weights one after the other, then biases, so that a decode step may take them as one. */
function projections(depth: number, columns: Readonly<Record<string, number>>, hasBias: boolean): BlockParameter[] {
  const names = Object.keys(columns);
  return [
    ...names.map((name) => ({ name: `${name}.weight`, shape: [columns[name] as number, depth] })),
    ...(hasBias ? names.map((name) => ({ name: `${name}.bias`, shape: [columns[name] as number] })) : []),
  ];
}

function parameters(a: GroupedQueryAttention, width: number): BlockParameter[] {
  const [queryWidth, keyWidth] = [a.heads * a.headWidth, a.kvHeads * a.headWidth];
  const isWhole = a.headNorm?.kind === 'wholeWidth';
  const headNorms = a.headNorm
    ? [
        normParameter('queryNorm', isWhole ? queryWidth : a.headWidth),
        normParameter('keyNorm', isWhole ? keyWidth : a.headWidth),
      ]
    : [];
  return [
    normParameter('norm', width),
    ...projections(width, { query: queryWidth, key: keyWidth, value: keyWidth }, a.hasBias),
    ...headNorms,
    ...projection('output', width, queryWidth, a.hasOutputBias),
  ];
}

/** A token's turned keys and its values. */
const cacheWidth = ({ kvHeads, headWidth }: GroupedQueryAttention) => 2 * kvHeads * headWidth;

/** Queries or keys of x: projected, normed and turned, the last two where they are. */
function turnedHeads(pass: LayerPass, a: GroupedQueryAttention, name: 'query' | 'key', x: Tensor): Tensor {
  const projected = project(pass, name, x);
  const normed = a.headNorm ? norm(pass, `${name}Norm`, projected, a.headNorm.epsilon) : projected;
  if (!a.rope) return normed;
  const heads = name === 'query' ? a.heads : a.kvHeads;
  return rope(pass.g, normed, { heads, headWidth: a.headWidth, rope: a.rope.width, at: 0 }, pass.rope(a.rope));
}

/** Queries, keys and values of a step as projected: where each starts in a row of which tensor. One product where they adjoin. */
function projectedHeads(step: LayerStep, a: GroupedQueryAttention, epsilon: number, h: Tensor) {
  const options = { norm: step.norm('norm.weight', epsilon) };
  const [queryWidth, keyWidth] = [a.heads * a.headWidth, a.kvHeads * a.headWidth];
  const joined = step.joinedMatrix(['query', 'key', 'value']);
  if (joined) {
    const qkv = step.linear('query key value', h, [joined], options);
    return { q: qkv, kv: qkv, qOffset: 0, kOffset: queryWidth, vOffset: queryWidth + keyWidth };
  }
  const q = step.linear('query', h, [step.matrix('query')], options);
  const kv = step.linear('key value', h, [step.matrix('key'), step.matrix('value')], options);
  return { q, kv, qOffset: 0, kOffset: 0, vOffset: keyWidth };
}

export const groupedQueryAttention: Block<GroupedQueryAttention> = {
  parameters,
  cost: (a, width) => ({
    active: countElements(parameters(a, width)),
    perKey: 2 * a.heads * a.headWidth,
    mostKeys: a.window ?? undefined,
    cacheBytes: 4 * cacheWidth(a),
  }),

  forward(pass, a, epsilon, h) {
    const { g, rows, cache } = pass;
    const x = norm(pass, 'norm', h, epsilon);
    const q = turnedHeads(pass, a, 'query', x);
    const k = turnedHeads(pass, a, 'key', x);
    const v = project(pass, 'value', x);
    const width = a.kvHeads * a.headWidth;
    if (cache) g.emitOnce(cacheAppend({ rows, first: width, second: width }, { a: k, b: v, cache }));
    return project(pass, 'output', attend(pass, { shape: groupedShape(shapeOf(a, rows)), q, kv: v, kRope: k }), h);
  },

  decode(step, a, epsilon, h) {
    const { g, rows, maxKeys } = step;
    const { q, kv, ...offsets } = projectedHeads(step, a, epsilon, h);
    const shape = {
      ...shapeOf(a, rows),
      rope: a.rope?.width ?? 0,
      isInterleaved: a.rope?.isInterleaved ?? false,
      norms: a.headNorm
        ? {
            qAt: step.place('queryNorm.weight').at,
            kAt: step.place('keyNorm.weight').at,
            isWhole: a.headNorm.kind === 'wholeWidth',
            epsilon: a.headNorm.epsilon,
          }
        : undefined,
      maxKeys,
      qStride: q.shape[1] as number,
      kvStride: kv.shape[1] as number,
      ...offsets,
    };
    const parts = groupedParts(shape);
    const y = g.tensor('attention', [rows, a.heads * a.headWidth]);
    const scratch = (label: string, width: number) => g.tensor(label, [rows, a.heads, width]);
    g.emit(
      ...groupedDecode(shape, {
        places: step.places,
        q,
        kv,
        pool: a.headNorm ? step.poolWith('queryNorm.weight', 'keyNorm.weight') : step.places,
        table: a.rope ? step.ropeTable(a.rope) : step.places,
        cache: step.cache,
        query: scratch('query', a.headWidth),
        sums: scratch('value sums', parts * a.headWidth),
        largests: scratch('largest scores', parts),
        totals: scratch('score totals', parts),
        y,
      }),
    );
    return step.linear('output', y, [step.matrix('output')], { residual: h });
  },
};
