// total[0] += Σ x, by one workgroup in a fixed order.
struct Params {
  size: u32,
}

const INVOCATIONS = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> total: array<f32>;

var<workgroup> partials: array<f32, INVOCATIONS>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = lane; i < params.size; i += INVOCATIONS) { sum += x[i]; }
  partials[lane] = sum;
  workgroupBarrier();
  if (lane != 0u) { return; }
  for (var i = 1u; i < INVOCATIONS; i++) { sum += partials[i]; }
  total[0] += sum;
}
