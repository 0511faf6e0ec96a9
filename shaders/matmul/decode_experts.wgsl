// The projection of each expert in a decode step: y = norm(x)·wᵀ, the norm where it is asked for; w: (E, columns, depth).
// An invocation has four columns of ROWS rows. The norm's factor is multiplied in at the end.
// x: (B, depth) in rows of x_stride   pool: the parameters, each from its *_at on   y: (B, columns)
// Rows are sorted by expert; tiles of no expert are left alone. Shared experts come after the others, one tile key each: together
// they are one wide expert, the second matrix, of which each one has its own hidden numbers.
// gather: row n of x is row row_of[n] / SLOTS_PER_ROW; what becomes of INVALID rows does not matter.
import package::lib::columns::{add_product, weight_columns};
import package::lib::decode_rows::{READ, norm_factor, INVALID};
import package::lib::vectors::{Vector, WeightVector, VECTOR_SIZE};
import constants::{WIDTH, ROWS, TILE_ROWS};
@if(gather) import constants::SLOTS_PER_ROW;

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
  first_at: u32,
  second_at: u32,
  num_experts: u32,
  num_shared: u32,
  expert_stride: u32,   // Vectors between two experts' w
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pool: array<WeightVector>;
@group(0) @binding(2) var<storage, read> x: array<Vector>;
@group(0) @binding(3) var<storage, read_write> y: array<Quad>;
@group(0) @binding(4) var<storage, read> tile_expert: array<u32>;
@if(gather) @group(0) @binding(5) var<storage, read> row_of: array<u32>;

// Where a row of x starts. Rows past the last repeat it.
fn row_at(i: u32) -> u32 {
  var row = min(i, params.rows - 1u);
  @if(gather) {
    let slot = row_of[row];
    row = select(slot / SLOTS_PER_ROW, 0u, slot == INVALID);
  }
  return row * params.x_stride;
}

// An expert's matrix, in Vectors: where it starts, and from one row to the next.
struct Matrix {
  at: u32,
  row: u32,
}

fn expert_matrix(expert: u32) -> Matrix {
  if (expert < params.num_experts) {
    return Matrix(params.first_at / VECTOR_SIZE + expert * params.expert_stride, params.depth);
  }
  let shared_at = params.second_at / VECTOR_SIZE + (expert - params.num_experts) * params.depth;
  return Matrix(shared_at, params.num_shared * params.depth);
}

// Where column i of w after the first one starts. Columns past the last repeat it.
fn column_at(w: Matrix, first: u32, i: u32) -> u32 {
  return w.at + min(first + i, params.columns - 1u) * w.row;
}

fn store(row: u32, column: u32, product: vec4f, squares: Vector) {
  if (row >= params.rows || column >= params.columns) { return; }
  var sum = product;
  @if(normed) { sum *= norm_factor(squares, params.depth, params.epsilon); }
  let at = row * params.columns + column;
  @if(quads) { y[at / 4u] = sum; }
  @if(!quads) {
    let left = params.columns - column;
    y[at] = sum.x;
    if (left > 1u) { y[at + 1u] = sum.y; }
    if (left > 2u) { y[at + 2u] = sum.z; }
    if (left > 3u) { y[at + 3u] = sum.w; }
  }
}

@compute @workgroup_size(WIDTH)
fn main(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) lane: u32,
) {
  let column = 4u * (group.x * WIDTH + local.x);
  let first_row = group.y * ROWS;
  let expert = tile_expert[first_row / TILE_ROWS];
  if (expert >= params.num_experts + params.num_shared) { return; }
  let w = expert_matrix(expert);
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
