// A projection of a decode step: y = norm(x)·wᵀ + bias + residual, each part where it is asked for. An invocation has
// four columns of ROWS rows. The norm's factor is one for a whole row, so it is summed up on the way and multiplied in
// at the end.
// Columns may be of two matrices, first_columns of the first and then the second's.
// x: (B, depth) in rows of x_stride   pool: the parameters, each from its *_at on   residual, y: (B, columns)
// live: only the first num_live rows matter; tiles behind them are left alone.
import package::lib::columns::{add_product, weight_columns};
import package::lib::decode_rows::{READ, norm_factor};
import package::lib::vectors::{Vector, WeightVector, VECTOR_SIZE, component};
import constants::{WIDTH, ROWS};

// Columns of y in fours, where they come in fours.
@if(quads) alias Quad = vec4f;
@if(!quads) alias Quad = f32;

struct Params {
  rows: u32,
  // In Vectors, as is x_stride.
  depth: u32,
  x_stride: u32,
  columns: u32,
  norm_at: u32,
  epsilon: f32,
  first_columns: u32,
  first_at: u32,
  second_at: u32,
  first_bias_at: u32,
  second_bias_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pool: array<WeightVector>;
@group(0) @binding(2) var<storage, read> x: array<Vector>;
@if(residual) @group(0) @binding(3) var<storage, read> residual: array<Quad>;
@group(0) @binding(4) var<storage, read_write> y: array<Quad>;
@if(live) @group(0) @binding(5) var<storage, read> num_live: array<u32>;

// In place of a bias's start, for a matrix without one.
const NO_BIAS = 0xffffffffu;

// Where a row of x starts. Rows past the last repeat it.
fn row_at(i: u32) -> u32 {
  return min(i, params.rows - 1u) * params.x_stride;
}

// Where column i of w after the first one starts. Columns past the last repeat it.
fn column_at(first: u32, i: u32) -> u32 {
  let column = min(first + i, params.columns - 1u);
  if (column < params.first_columns) { return params.first_at / VECTOR_SIZE + column * params.depth; }
  return params.second_at / VECTOR_SIZE + (column - params.first_columns) * params.depth;
}

@if(biased) fn bias(column: u32) -> f32 {
  let i = min(column, params.columns - 1u);
  let is_first = i < params.first_columns;
  let first = select(params.second_bias_at, params.first_bias_at, is_first);
  if (first == NO_BIAS) { return 0.0; }
  let at = first + select(i - params.first_columns, i, is_first);
  return component(Vector(pool[at / VECTOR_SIZE]), at % VECTOR_SIZE);
}

fn store(row: u32, column: u32, product: vec4f, squares: Vector) {
  if (row >= params.rows || column >= params.columns) { return; }
  var sum = product;
  @if(normed) { sum *= norm_factor(squares, params.depth, params.epsilon); }
  @if(biased) { sum += vec4f(bias(column), bias(column + 1u), bias(column + 2u), bias(column + 3u)); }
  let at = row * params.columns + column;
  @if(quads) { put(at / 4u, sum); }
  @if(!quads) {
    let left = params.columns - column;
    put(at, sum.x);
    if (left > 1u) { put(at + 1u, sum.y); }
    if (left > 2u) { put(at + 2u, sum.z); }
    if (left > 3u) { put(at + 3u, sum.w); }
  }
}

fn put(at: u32, value: Quad) {
  @if(residual) y[at] = residual[at] + value;
  @if(!residual) y[at] = value;
}

@compute @workgroup_size(WIDTH)
fn main(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) lane: u32,
) {
  let column = 4u * (group.x * WIDTH + local.x);
  let first_row = group.y * ROWS;
  @if(live) { if (first_row >= num_live[0]) { return; } }
  let w0 = column_at(column, 0u);
  let w1 = column_at(column, 1u);
  let w2 = column_at(column, 2u);
  let w3 = column_at(column, 3u);
  var x_at: array<u32, READ>;
  for (var q = 0u; q < READ; q++) {
    @if(!subgroups) x_at[q] = row_at(first_row + q);
    @if(subgroups) x_at[q] = row_at(first_row + q * 4u + lane % 4u);
  }
  var sum: array<vec4f, ROWS>;
  var squares: array<Vector, READ>;
  for (var k = 0u; k < params.depth; k++) {
    // Before the weights: read after them, with so much held already, llvmpipe's compiler keeps a number of x on the stack.
    var owns: array<Vector, READ>;
    for (var q = 0u; q < READ; q++) { owns[q] = x[x_at[q] + k]; }
    let m = weight_columns(pool[w0 + k], pool[w1 + k], pool[w2 + k], pool[w3 + k]);
    var scale = Vector(1.0);
    @if(normed) { scale = Vector(pool[params.norm_at / VECTOR_SIZE + k]); }
    for (var q = 0u; q < READ; q++) {
      let own = owns[q];
      let scaled = own * scale;
      @if(normed) { squares[q] = fma(own, own, squares[q]); }
      @if(!subgroups) sum[q] = add_product(sum[q], scaled, m);
      @if(subgroups) for (var i = 0u; i < 4u; i++) {
        sum[q * 4u + i] = add_product(sum[q * 4u + i], quadBroadcast(scaled, i), m);
      }
    }
  }
  for (var q = 0u; q < READ; q++) {
    @if(!subgroups) store(first_row + q, column, sum[q], squares[q]);
    @if(subgroups) for (var i = 0u; i < 4u; i++) {
      store(first_row + q * 4u + i, column, sum[q * 4u + i], quadBroadcast(squares[q], i));
    }
  }
}
