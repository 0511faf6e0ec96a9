// A projection of a decode step: y = norm(x)·wᵀ + bias + residual, each part where it is asked for. An invocation has four columns
// of ROWS rows, the same rows as the others of its workgroup. The norm's factor is one for a whole row, so it is summed up on the way
// and multiplied in at the end.   subgroups: a row is read by every fourth invocation, which tells the others of its subgroup.
// Columns may be of two matrices, first_columns of the first and then the second's.
// x: (B, depth) in rows of x_stride   pool: the parameters, each from its *_at on   residual, y: (B, columns)
// gated: the matrix is [gate; up], (2·columns, depth), and y = silu(gate)·up; an invocation has two gates and what they let through.
// grouped: rows are sorted by expert, w: (E, columns, depth); tiles of no expert are left alone. Shared experts come after the others,
// one tile key each: together they are one wide expert, the second matrix, of which each one has its own hidden numbers.
// live: only the first num_live rows matter; tiles behind them are left alone.
// gather: row n of x is row row_of[n] / SLOTS_PER_ROW; what becomes of INVALID rows does not matter.
import package::lib::columns::{add_product, weight_columns};
import package::lib::activations::sigmoid;
import package::lib::lanes::{Lane, LANES, lane_sum, component, WeightLane};
import constants::{WIDTH, ROWS};
@if(grouped) import constants::TILE_ROWS;
@if(gather) import constants::SLOTS_PER_ROW;

// Rows that an invocation reads itself.
@if(subgroups) const READ = ROWS / 4;
@if(!subgroups) const READ = ROWS;

// Columns of y that an invocation makes, four products.
@if(gated) const COLUMNS = 2u;
@if(!gated) const COLUMNS = 4u;

// Columns of y in fours, where they come in fours.
@if(quads) alias Quad = vec4f;
@if(!quads) alias Quad = f32;

struct Params {
  rows: u32,
  // In Lanes, as is x_stride.
  depth: u32,
  x_stride: u32,
  columns: u32,
  first_columns: u32,
  norm_at: u32,
  first_at: u32,
  second_at: u32,
  first_bias_at: u32,
  second_bias_at: u32,
  epsilon: f32,
  num_experts: u32,
  num_shared: u32,
  expert_stride: u32,   // Lanes between two experts' w
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pool: array<WeightLane>;
@group(0) @binding(2) var<storage, read> x: array<Lane>;
@if(residual) @group(0) @binding(3) var<storage, read> residual: array<Quad>;
@group(0) @binding(4) var<storage, read_write> y: array<Quad>;
@if(grouped) @group(0) @binding(5) var<storage, read> tile_expert: array<u32>;
@if(gather) @group(0) @binding(6) var<storage, read> row_of: array<u32>;
@if(live) @group(0) @binding(7) var<storage, read> num_live: array<u32>;

// In place of a bias's start, for a matrix without one.
const NO_BIAS = 0xffffffffu;
const INVALID = 0xffffffffu;

// Where a row of x and a column of w start. Rows and columns past the last repeat it.
fn row_at(i: u32) -> u32 {
  var row = min(i, params.rows - 1u);
  @if(gather) {
    let slot = row_of[row];
    row = select(slot / SLOTS_PER_ROW, 0u, slot == INVALID);
  }
  return row * params.x_stride;
}

// A matrix, in Lanes: where it starts, from one row to the next, and from a gate to what it lets through.
struct Matrix {
  at: u32,
  row: u32,
  up: u32,
}

@if(grouped) fn expert_matrix(expert: u32) -> Matrix {
  let gates = params.first_columns * params.depth;
  if (expert < params.num_experts) {
    return Matrix(params.first_at / LANES + expert * params.expert_stride, params.depth, gates);
  }
  let shared_at = params.second_at / LANES;
  let i = expert - params.num_experts;
  @if(gated) return Matrix(shared_at + i * gates, params.depth, params.num_shared * gates);
  @if(!gated) return Matrix(shared_at + i * params.depth, params.num_shared * params.depth, 0u);
}

// Of four products for the columns from the first one on; gated, gates come before what they let through.
fn column_at(w: Matrix, first: u32, i: u32) -> u32 {
  @if(gated) return w.at + min(first + i % 2u, params.columns - 1u) * w.row + i / 2u * w.up;
  @if(!gated) {
    let column = min(first + i, params.columns - 1u);
    if (column < params.first_columns) { return w.at + column * w.row; }
    return params.second_at / LANES + (column - params.first_columns) * params.depth;
  }
}

@if(biased) fn bias(column: u32) -> f32 {
  let i = min(column, params.columns - 1u);
  let is_first = i < params.first_columns;
  let first = select(params.second_bias_at, params.first_bias_at, is_first);
  if (first == NO_BIAS) { return 0.0; }
  let at = first + select(i - params.first_columns, i, is_first);
  return component(Lane(pool[at / LANES]), at % LANES);
}

fn store(row: u32, column: u32, product: vec4f, squares: Lane) {
  if (row >= params.rows || column >= params.columns) { return; }
  var sum = product;
  @if(normed) { sum *= 1.0 / sqrt(lane_sum(squares) / f32(params.depth * LANES) + params.epsilon); }
  @if(biased) { sum += vec4f(bias(column), bias(column + 1u), bias(column + 2u), bias(column + 3u)); }
  let at = row * params.columns + column;
  let left = params.columns - column;
  @if(gated) {
    put(at, sum.x * sigmoid(sum.x) * sum.z);
    if (left > 1u) { put(at + 1u, sum.y * sigmoid(sum.y) * sum.w); }
  }
  @if(quads) { put(at / 4u, sum); }
  @if(!gated && !quads) {
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
  let column = COLUMNS * (group.x * WIDTH + local.x);
  let first_row = group.y * ROWS;
  @if(live) { if (first_row >= num_live[0]) { return; } }
  @if(!grouped) let w = Matrix(params.first_at / LANES, params.depth, params.first_columns * params.depth);
  @if(grouped) let expert = tile_expert[first_row / TILE_ROWS];
  @if(grouped) { if (expert >= params.num_experts + params.num_shared) { return; } }
  @if(grouped) let w = expert_matrix(expert);
  let w0 = column_at(w, column, 0u);
  let w1 = column_at(w, column, 1u);
  let w2 = column_at(w, column, 2u);
  let w3 = column_at(w, column, 3u);
  var x_at: array<u32, READ>;
  for (var q = 0u; q < READ; q++) {
    @if(!subgroups) x_at[q] = row_at(first_row + q);
    @if(subgroups) x_at[q] = row_at(first_row + q * 4u + lane % 4u);
  }
  var sum: array<vec4f, ROWS>;
  var squares: array<Lane, READ>;
  for (var k = 0u; k < params.depth; k++) {
    // Before the weights: read after them, with so much held already, llvmpipe's compiler keeps a number of x on the stack.
    var owns: array<Lane, READ>;
    for (var q = 0u; q < READ; q++) { owns[q] = x[x_at[q] + k]; }
    let m = weight_columns(pool[w0 + k], pool[w1 + k], pool[w2 + k], pool[w3 + k]);
    var scale = Lane(1.0);
    @if(normed) { scale = Lane(pool[params.norm_at / LANES + k]); }
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
