// Self-tests of the kernels whose variant reads what neighbours have in common by four of them, a part each. Their widths
// are compile-time constants, so a test is made for the very variant that is asked for.
import type { KernelSpec, SelfTest } from '../../device/dispatch';
import {
  type AttentionShape,
  attentionBackwardKv,
  attentionBackwardQ,
  attention as attentionKernel,
} from '../attention/attention';
import { keyParts } from '../attention/keyParts';
import { mlaDecode } from '../attention/mlaDecode';
import { DECODE_SHADERS, decodeLinear } from '../matmul/decodeLinear';
import { matmulNN, matmulNT, outerProduct, TILE_ROWS } from '../matmul/matmul';
import { type Data, normals, withHalves, zeros } from './rowReduction';

const INVALID = 0xffffffff;

/** Rows and columns that end inside a tile; grouped, a tile of no expert; gathered, rows of zeros. */
function product({ shader, constants = {}, conditions = {} }: KernelSpec): SelfTest {
  const { WIDTH = 0, TILES = 0 } = constants;
  const [rows, columns, depth, numExperts] = [8 * TILE_ROWS + 5, 4 * (WIDTH * TILES - 1), 12, 3];
  const experts = conditions.grouped ? numExperts : 1;
  const grouping = {
    numExperts,
    tileExpert: Uint32Array.of(2, INVALID, 0, 1, 1, 1, 1, 1, 1) as Data,
    offsets: Uint32Array.of(16, 24, 0) as Data,
    counts: Uint32Array.of(8, 45, 8) as Data,
  };
  const p = {
    label: 'test',
    rows,
    columns,
    depth,
    a: normals(rows * depth, 1) as Data,
    b: normals(experts * columns * depth, 2) as Data,
    y: zeros(rows * columns) as Data,
    ...(conditions.plus && { addend: normals(rows * columns, 3) }),
    ...(conditions.grouped && { grouping }),
  };
  const rowOf = Uint32Array.from({ length: rows }, (_, n) => (n % 7 === 3 ? INVALID : (n * 5) % rows));
  const gather = conditions.gather && { gather: { rowOf, slotsPerRow: constants.SLOTS_PER_ROW ?? 1 } };
  const test = shader === 'matmul_nt' ? matmulNT<Data>({ ...p, ...gather }) : matmulNN<Data>(p);
  return conditions.half ? withHalves(test, 'b') : test;
}

/**
 * Columns that end inside a tile; segments of no row, of fewer than four and of more, none a multiple of four; what was
 * there is kept.
 */
function sumOfOuterProducts({ constants = {}, conditions = {} }: KernelSpec): SelfTest {
  const { WIDTH = 0, TILES = 0, QUADS = 0 } = constants;
  const [rows, columnsA, columnsB] = [37, 4 * QUADS, 4 * (WIDTH * TILES - 1)];
  const offsets: Data = Uint32Array.of(0, 8, 8, 16);
  const counts: Data = Uint32Array.of(3, 0, 5, 21);
  const experts = conditions.grouped ? counts.length : 1;
  const rowOf = Uint32Array.from({ length: rows }, (_, n) => (n * 5) % rows);
  const parts = conditions.grow ? 1 : 2;
  const y = normals(parts * experts * columnsA * columnsB, 3);
  const p = {
    label: 'test',
    rows,
    columnsA,
    columnsB,
    a: normals(rows * columnsA, 1) as Data,
    b: normals(rows * columnsB, 2) as Data,
    y: y as Data,
    ...(conditions.grouped && { segments: { numExperts: experts, offsets, counts } }),
    ...(conditions.gather && { gather: { rowOf: rowOf as Data, slotsPerRow: constants.SLOTS_PER_ROW ?? 1 } }),
  };
  return outerProduct(p, parts, p.y, conditions.grow === true);
}

/**
 * A text that goes on in two ways, one on its own, and padding: [prefix, its end, start, end] of each and how many
 * tokens it has.
 */
const TEXTS: readonly (readonly [span: readonly [number, number, number, number], tokens: number])[] = [
  [[0, 0, 0, 43], 5],
  [[0, 5, 5, 35], 30],
  [[0, 5, 35, 43], 8],
  [[43, 43, 43, 67], 24],
  [[67, 67, 67, 68], 1],
];

/** Of MLA where a part of the key lies with the value, else of two key heads for four query heads. */
function attention({ shader, constants = {}, conditions = {} }: KernelSpec): SelfTest {
  const perVector = conditions.vec4 ? 4 : 1;
  const [nope, rope, value] = [constants.NOPE ?? 0, constants.ROPE ?? 0, constants.VALUE ?? 0].map(
    (n) => n * perVector,
  ) as [number, number, number];
  const spans = Uint32Array.from(TEXTS.flatMap(([span, tokens]) => Array.from({ length: tokens }, () => span).flat()));
  const rows = spans.length / 4;
  const [heads, kvHeads, ropeHeads] = nope > 0 ? [2, 2, 1] : [4, 2, 2];
  const scale = (nope + rope) ** -0.5;
  const window = conditions.windowed ? 11 : undefined;
  const shape: AttentionShape = { rows, heads, kvHeads, ropeHeads, nope, rope, value, scale, window };
  const floats = (width: number, seed: number): Data => normals(rows * width, seed);
  const inputs = {
    q: floats(heads * (nope + rope), 1),
    kv: floats(kvHeads * (nope + value), 2),
    k_rope: floats(ropeHeads * rope, 3),
    spans: spans as Data,
  };
  const room = (width: number): Data => zeros(rows * width);
  if (shader === 'attention')
    return attentionKernel(shape, { ...inputs, y: room(heads * value), log_sum_exp: room(heads) });
  const log_sum_exp: Data = new Float32Array(rows * heads).fill(3);
  const known = { ...inputs, log_sum_exp, delta: floats(heads, 4), dy: floats(heads * value, 5) };
  return shader === 'attention_backward_q'
    ? attentionBackwardQ(shape, { ...known, dq: room(heads * (nope + rope)) })
    : attentionBackwardKv(shape, { ...known, dkv_rope: room(kvHeads * (nope + value + rope)) });
}

/**
 * Rows and columns that end inside a tile; columns of two matrices, of which the second has no bias, of one of gates,
 * or of one for each expert, one of them shared, and then a tile of no expert; gathered, padding.
 */
function decodeProjection({ shader, constants = {}, conditions = {} }: KernelSpec): SelfTest {
  const [rows, numExperts] = [37, 3];
  const depth = conditions.vec4 ? 12 : 11;
  const [isGated, grouped] = [shader.endsWith('gated'), shader.startsWith('decode_experts')];
  const columns = 4 * (constants.WIDTH ?? 0) - (conditions.quads ? 4 : isGated ? 6 : 5);
  const [norm, gap] = [{ at: 0, epsilon: 1e-6 }, 16];
  const { gather, live } = conditions;
  const second = { columns: 8, at: gap + columns * depth };
  const biased = conditions.biased && { biasAt: 4 };
  const hasOneMatrix = grouped || isGated;
  const first = { columns: hasOneMatrix ? columns : columns - 8, at: gap, ...biased };
  const shape = {
    rows,
    depth,
    isGated,
    matrices: hasOneMatrix ? ([first] as const) : ([first, second] as const),
    ...(conditions.normed && { norm }),
    ...(grouped && {
      experts: { numExperts, slotsPerRow: constants.SLOTS_PER_ROW ?? 1, shared: { count: 1, at: gap } },
    }),
  };
  const size = Math.ceil((gap + (numExperts * columns + 8) * depth) / 4) * 4;
  const test = decodeLinear<Data>('test', shape, {
    pool: normals(size, 1),
    x: normals(rows * depth, 2),
    ...(conditions.residual && { residual: normals(rows * columns, 3) }),
    y: zeros(rows * columns),
    ...(grouped && { tile_expert: Uint32Array.of(2, INVALID, 0, numExperts, 1) }),
    ...(live && { num_live: Uint32Array.of(21) }),
    ...(gather && { row_of: Uint32Array.from({ length: rows }, (_, n) => (n % 7 === 3 ? INVALID : (n * 5) % rows)) }),
  });
  return conditions.half ? withHalves(test, 'pool') : test;
}

/** Rows of one key and of many, with a prompt in common and without, and one of no rollout. */
function decodeAttention({ constants = {}, conditions = {} }: KernelSpec): SelfTest {
  const perVector = conditions.vec4 ? 4 : 1;
  const [rank, rope, heads] = [(constants.RANK ?? 0) * perVector, (constants.ROPE ?? 0) * perVector, 4];
  const [prompt, none] = [23, 0xffffffff];
  // One row whose many parts fill a small workgroup, or several rows.
  const isOne = (constants.GROUP ?? 0) < 64;
  const own = isOne ? [400] : [0, 17, 3, 9, 40, 1, 2, 30];
  const lengths = own.map((length, row) => [0, row % 3 === 1 ? 0 : prompt, prompt + 64 * row, length]);
  const places = isOne ? lengths : [...lengths, [0, 0, none, 0]];
  const [rows, maxKeys] = [places.length, isOne ? 1024 : 64];
  const parts = keyParts(maxKeys);
  const attention = mlaDecode<Data>(
    {
      rows,
      heads,
      nope: 4,
      rope,
      value: 4,
      scale: 1,
      rank,
      maxKeys,
      qStride: heads * (4 + rope),
      kvStride: rank + rope,
      kvOffset: 0,
      isInterleaved: true,
      norm: { at: 0, epsilon: 1e-6 },
      at: 0,
    },
    {
      ...(Object.fromEntries(['q', 'kv', 'pool', 'table', 'y'].map((name) => [name, zeros(1)])) as Record<
        'q' | 'kv' | 'pool' | 'table' | 'y',
        Data
      >),
      places: Uint32Array.from(places.flat()),
      query: normals(rows * heads * (rank + rope), 1),
      cache: normals((prompt + 64 * rows + 400) * (rank + rope), 2),
      sums: zeros(rows * heads * parts * rank),
      largests: zeros(rows * heads * parts),
      totals: zeros(rows * heads * parts),
    },
  )[1];
  return attention as SelfTest;
}

const TESTS: Readonly<Record<string, (spec: KernelSpec) => SelfTest>> = {
  matmul_nt: product,
  matmul_nn: product,
  matmul_tn: sumOfOuterProducts,
  ...Object.fromEntries(DECODE_SHADERS.map((shader) => [shader, decodeProjection])),
  mla_decode: decodeAttention,
  attention,
  attention_backward_q: attention,
  attention_backward_kv: attention,
};

export function sharedReadTests(spec: KernelSpec): SelfTest[] {
  const make = TESTS[spec.shader];
  return make ? [make(spec)] : [];
}
