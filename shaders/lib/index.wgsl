// Indexing shared by kernels with one invocation per item.
// The item of an invocation in a grid of 64-wide workgroups laid out in x, then y.
fn flat_index(id: vec3u, groups: vec3u) -> u32 {
  return id.y * (groups.x * 64u) + id.x;
}
