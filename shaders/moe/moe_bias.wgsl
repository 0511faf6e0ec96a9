// Balancing without an auxiliary loss: b_e += γ·sign(mean(load) − load_e)   (DeepSeek-V3 report, arXiv 2412.19437, §2.1.2)
// bias: (E)   load: (E), cleared by the caller
struct Params {
  num_experts: u32,
  speed: f32,   // γ
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> load: array<u32>;
@group(0) @binding(2) var<storage, read_write> bias: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.num_experts) { return; }
  var total = 0u;
  for (var e = 0u; e < params.num_experts; e++) { total += load[e]; }
  let mean = f32(total) / f32(params.num_experts);
  bias[id.x] += params.speed * sign(mean - f32(load[id.x]));
}
