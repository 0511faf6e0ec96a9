// Gathers each token's rows from expert order.  y[n] = Σ_k weights[n, k] · x[place[n, k]]; weights of one unless `weighted`.
// x: (P, WIDTH), sorted rows   place, weights: (N, K)   y: (N, WIDTH); WIDTH counts Vectors.
// plus: addend (N, WIDTH) is added.
import package::lib::index::flat_index;
import package::lib::vectors::Vector;
import constants::WIDTH;

struct Params {
  rows: u32,
  top_k: u32,
}

const INVALID = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Vector>;
@group(0) @binding(2) var<storage, read> place: array<u32>;
@if(weighted) @group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<Vector>;
@if(plus) @group(0) @binding(5) var<storage, read> addend: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * WIDTH) { return; }
  let slot = (i / WIDTH) * params.top_k;
  let column = i % WIDTH;
  var sum = Vector();
  for (var k = 0u; k < params.top_k; k++) {
    let p = place[slot + k];
    if (p == INVALID) { continue; }
    var weight = 1.0;
    @if(weighted) { weight = weights[slot + k]; }
    sum += weight * x[p * WIDTH + column];
  }
  @if(plus) y[i] = addend[i] + sum;
  @if(!plus) y[i] = sum;
}
