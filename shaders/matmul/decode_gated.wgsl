// The gated projection of a decode step: y = silu(gate)·up of norm(x), where it is asked for, and [gate; up]: (2·columns, depth).
// An invocation has two gates, and what they let through, of ROWS rows. The norm's factor is multiplied in at the end.
// x: (B, depth) in rows of x_stride   pool: the parameters, each from its *_at on   y: (B, columns)
// live: only the first num_live rows matter; tiles behind them are left alone.
import package::lib::columns::{add_product, weight_columns};
import package::lib::activations::sigmoid;
import package::lib::decode_rows::{READ, norm_factor};
import package::lib::vectors::{Vector, WeightVector, VECTOR_SIZE};
import constants::{WIDTH, ROWS};

struct Params {
  rows: u32,
  // In Vectors, as is x_stride.
  depth: u32,
  x_stride: u32,
  columns: u32,
  norm_at: u32,
  epsilon: f32,
  first_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pool: array<WeightVector>;
@group(0) @binding(2) var<storage, read> x: array<Vector>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@if(live) @group(0) @binding(4) var<storage, read> num_live: array<u32>;

// Where a row of x starts. Rows past the last repeat it.
fn row_at(i: u32) -> u32 {
  return min(i, params.rows - 1u) * params.x_stride;
}

// Of four products for the columns from the first one on, gates before what they let through: where row i of w starts.
fn column_at(first: u32, i: u32) -> u32 {
  let gate = min(first + i % 2u, params.columns - 1u);
  return params.first_at / VECTOR_SIZE + (gate + i / 2u * params.columns) * params.depth;
}

fn store(row: u32, column: u32, product: vec4f, squares: Vector) {
  if (row >= params.rows || column >= params.columns) { return; }
  var sum = product;
  @if(normed) { sum *= norm_factor(squares, params.depth, params.epsilon); }
  let at = row * params.columns + column;
  y[at] = sum.x * sigmoid(sum.x) * sum.z;
  if (params.columns - column > 1u) { y[at + 1u] = sum.y * sigmoid(sum.y) * sum.w; }
}

@compute @workgroup_size(WIDTH)
fn main(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) lane: u32,
) {
  let column = 2u * (group.x * WIDTH + local.x);
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
