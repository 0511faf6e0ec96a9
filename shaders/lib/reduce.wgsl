// Row reductions: ROW_THREADS neighbouring invocations of a workgroup share one row. It is a power of two; 1 where a row is one
// invocation's. The results are the same bits in all of them, and with or without subgroups: invocations are added in pairs, then
// pairs of pairs, and so on, whoever carries the numbers.
// A kernel hands on its @builtin(local_invocation_index) and, `@if(subgroups)`, its @builtin(subgroup_size); else 1.
// Every invocation of a workgroup must come along.
import constants::ROW_THREADS;

const WORKGROUP = max(ROW_THREADS, 64u);

@if(shared_row) var<workgroup> shared_numbers: array<vec2f, WORKGROUP>;

// The row of an invocation; workgroups are laid out in x, then y.
fn row_index(group: vec3u, groups: vec3u, index: u32) -> u32 {
  return (group.y * groups.x + group.x) * (WORKGROUP / ROW_THREADS) + index / ROW_THREADS;
}

// The number of the invocation whose index differs in the bit `distance`.
@if(shared_row) fn partners(value: vec2f, distance: u32, index: u32, subgroup: u32) -> vec2f {
  @if(subgroups) {
    if (distance < subgroup) { return subgroupShuffleXor(value, distance); }
  }
  workgroupBarrier();
  shared_numbers[index] = value;
  workgroupBarrier();
  return shared_numbers[index ^ distance];
}

fn row_sums(value: vec2f, index: u32, subgroup: u32) -> vec2f {
  var sums = value;
  @if(shared_row) {
    for (var distance = 1u; distance < ROW_THREADS; distance *= 2u) { sums += partners(sums, distance, index, subgroup); }
  }
  return sums;
}

fn row_sum(value: f32, index: u32, subgroup: u32) -> f32 {
  return row_sums(vec2f(value, 0.0), index, subgroup).x;
}

fn row_max(value: f32, index: u32, subgroup: u32) -> f32 {
  var largest = value;
  @if(shared_row) {
    for (var distance = 1u; distance < ROW_THREADS; distance *= 2u) {
      largest = max(largest, partners(vec2f(largest, 0.0), distance, index, subgroup).x);
    }
  }
  return largest;
}

// The larger number, and of equal ones that with the smaller name, which is the second part.
fn row_best(value: vec2f, index: u32, subgroup: u32) -> vec2f {
  var best = value;
  @if(shared_row) {
    for (var distance = 1u; distance < ROW_THREADS; distance *= 2u) {
      let other = partners(best, distance, index, subgroup);
      if (other.x > best.x || (other.x == best.x && other.y < best.y)) { best = other; }
    }
  }
  return best;
}

// Sum of the members before this one.
fn row_sum_before(value: f32, index: u32, subgroup: u32) -> f32 {
  var before = 0.0;
  @if(shared_row) {
    var sum = value;
    for (var distance = 1u; distance < ROW_THREADS; distance *= 2u) {
      let other = partners(vec2f(sum, 0.0), distance, index, subgroup).x;
      if ((index & distance) != 0u) { before += other; }
      sum += other;
    }
  }
  return before;
}
