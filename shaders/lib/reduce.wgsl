// Teams: TEAM neighbouring invocations of a workgroup that share one row. TEAM is a power of two; 1 where a row is one invocation's.
// A team's results are the same bits in all of its members, and with or without subgroups: invocations are added in pairs, then
// pairs of pairs, and so on, whoever carries the numbers.
// A kernel hands on its @builtin(local_invocation_index) and, `@if(subgroups)`, its @builtin(subgroup_size); else 1.
// Every invocation of a workgroup must come along.
import constants::TEAM;

const WORKGROUP = max(TEAM, 64u);

@if(team) var<workgroup> shared_numbers: array<vec2f, WORKGROUP>;

// The row of an invocation's team; workgroups are laid out in x, then y.
fn team_row(group: vec3u, groups: vec3u, index: u32) -> u32 {
  return (group.y * groups.x + group.x) * (WORKGROUP / TEAM) + index / TEAM;
}

// The number of the invocation whose index differs in the bit `distance`.
@if(team) fn partners(value: vec2f, distance: u32, index: u32, subgroup: u32) -> vec2f {
  @if(subgroups) {
    if (distance < subgroup) { return subgroupShuffleXor(value, distance); }
  }
  workgroupBarrier();
  shared_numbers[index] = value;
  workgroupBarrier();
  return shared_numbers[index ^ distance];
}

fn team_sums(value: vec2f, index: u32, subgroup: u32) -> vec2f {
  var sums = value;
  @if(team) {
    for (var distance = 1u; distance < TEAM; distance *= 2u) { sums += partners(sums, distance, index, subgroup); }
  }
  return sums;
}

fn team_sum(value: f32, index: u32, subgroup: u32) -> f32 {
  return team_sums(vec2f(value, 0.0), index, subgroup).x;
}

fn team_max(value: f32, index: u32, subgroup: u32) -> f32 {
  var largest = value;
  @if(team) {
    for (var distance = 1u; distance < TEAM; distance *= 2u) {
      largest = max(largest, partners(vec2f(largest, 0.0), distance, index, subgroup).x);
    }
  }
  return largest;
}

// The larger number, and of equal ones that with the smaller name, which is the second part.
fn team_best(value: vec2f, index: u32, subgroup: u32) -> vec2f {
  var best = value;
  @if(team) {
    for (var distance = 1u; distance < TEAM; distance *= 2u) {
      let other = partners(best, distance, index, subgroup);
      if (other.x > best.x || (other.x == best.x && other.y < best.y)) { best = other; }
    }
  }
  return best;
}

// Sum of the members before this one.
fn team_sum_before(value: f32, index: u32, subgroup: u32) -> f32 {
  var before = 0.0;
  @if(team) {
    var sum = value;
    for (var distance = 1u; distance < TEAM; distance *= 2u) {
      let other = partners(vec2f(sum, 0.0), distance, index, subgroup).x;
      if ((index & distance) != 0u) { before += other; }
      sum += other;
    }
  }
  return before;
}
