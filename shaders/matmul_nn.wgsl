// y = a · b, the gradient of x in y = x·wᵀ. Tiles and workgroups as in matmul_nt.wgsl.
// a: (N, K)   b: (K, M)   y: (N, M); K, M and all strides are multiples of 4.
// grouped: row n uses b of expert tile_expert[n / 4]; tiles of no expert are left alone.
// plus: addend, laid out as y, is added at the end.
import package::lib::products::add_row;
import constants::WIDTH;

struct Params {
  rows: u32,
  columns: u32,
  depth: u32,
  a_stride: u32,
  a_offset: u32,
  y_stride: u32,
  y_offset: u32,
  expert_stride: u32,   // floats between two experts' b
  num_experts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@if(grouped) @group(0) @binding(4) var<storage, read> tile_expert: array<u32>;
@if(plus) @group(0) @binding(5) var<storage, read> addend: array<vec4f>;

// Start of row n of a, in vec4.
fn a_row(n: u32) -> u32 {
  return (params.a_offset + min(n, params.rows - 1u) * params.a_stride) / 4u;
}

// Step k of four columns of b from `at`: a row for each k.
fn b_tile(at: u32, k: u32, stride: u32) -> mat4x4f {
  let first = at + 4u * k * stride;
  return mat4x4f(b[first], b[first + stride], b[first + 2u * stride], b[first + 3u * stride]);
}

fn store(row: u32, tile: u32, value: vec4f) {
  if (row >= params.rows || tile >= params.columns / 4u) { return; }
  let at = (params.y_offset + row * params.y_stride) / 4u + tile;
  @if(plus) y[at] = addend[at] + value;
  @if(!plus) y[at] = value;
}

@compute @workgroup_size(WIDTH)
fn main(@builtin(local_invocation_id) local: vec3u, @builtin(workgroup_id) group: vec3u) {
  let row = group.y * 4u;
  let depth = params.depth / 4u;
  let b_stride = params.columns / 4u;
  let last_tile = b_stride - 1u;
  var b_first = 0u;
  @if(grouped) {
    let expert = tile_expert[group.y];
    if (expert >= params.num_experts) { return; }
    b_first = expert * (params.expert_stride / 4u);
  }
  @if(!paired) let tile = group.x * WIDTH + local.x;
  @if(paired) let tile = group.x * WIDTH * 2u + local.x;
  let b_at = b_first + min(tile, last_tile);
  let a0 = a_row(row);
  let a1 = a_row(row + 1u);
  let a2 = a_row(row + 2u);
  let a3 = a_row(row + 3u);
  var y0 = vec4f(0.0);
  var y1 = vec4f(0.0);
  var y2 = vec4f(0.0);
  var y3 = vec4f(0.0);
  @if(paired) let z_at = b_first + min(tile + WIDTH, last_tile);
  @if(paired) var z0 = vec4f(0.0);
  @if(paired) var z1 = vec4f(0.0);
  @if(paired) var z2 = vec4f(0.0);
  @if(paired) var z3 = vec4f(0.0);
  for (var k = 0u; k < depth; k++) {
    let x0 = a[a0 + k];
    let x1 = a[a1 + k];
    let x2 = a[a2 + k];
    let x3 = a[a3 + k];
    let m = b_tile(b_at, k, b_stride);
    y0 = add_row(y0, x0, m);
    y1 = add_row(y1, x1, m);
    y2 = add_row(y2, x2, m);
    y3 = add_row(y3, x3, m);
    @if(paired) {
      let n = b_tile(z_at, k, b_stride);
      z0 = add_row(z0, x0, n);
      z1 = add_row(z1, x1, n);
      z2 = add_row(z2, x2, n);
      z3 = add_row(z3, x3, n);
    }
  }
  store(row, tile, y0);
  store(row + 1u, tile, y1);
  store(row + 2u, tile, y2);
  store(row + 3u, tile, y3);
  @if(paired) {
    store(row, tile + WIDTH, z0);
    store(row + 1u, tile + WIDTH, z1);
    store(row + 2u, tile + WIDTH, z2);
    store(row + 3u, tile + WIDTH, z3);
  }
}
