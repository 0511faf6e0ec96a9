// y += aᵀ · b, the gradient of w in y = x·wᵀ, added to what is there; four rows by four columns of y an invocation, twice as
// many rows where tall and columns where paired. A workgroup lies along the columns of a few rows of y, whose numbers of a,
// the same for all, are read once for all of them.
// a: (N, M)   b: (N, K)   y: (M, K); M, K and all strides are multiples of 4.
// grouped: expert e sums over its segment of rows only; y: (E, M, K).
// gather: row n of b is row row_of[n] / slots_per_row.
import constants::WIDTH;

struct Params {
  rows: u32,            // N
  columns_a: u32,       // M
  columns_b: u32,       // K
  a_stride: u32,
  a_offset: u32,
  b_stride: u32,
  b_offset: u32,
  slots_per_row: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@if(grouped) @group(0) @binding(4) var<storage, read> offsets: array<u32>;
@if(grouped) @group(0) @binding(5) var<storage, read> counts: array<u32>;
@if(gather) @group(0) @binding(6) var<storage, read> row_of: array<u32>;

// Four rows by four columns of y.
struct Tile {
  r0: vec4f,
  r1: vec4f,
  r2: vec4f,
  r3: vec4f,
}

fn add_outer(t: Tile, g: vec4f, x: vec4f) -> Tile {
  return Tile(fma(x, vec4f(g.x), t.r0), fma(x, vec4f(g.y), t.r1), fma(x, vec4f(g.z), t.r2), fma(x, vec4f(g.w), t.r3));
}

// Adds a tile to y at its first row and its column, in vec4.
fn store(first: u32, row: u32, column: u32, t: Tile) {
  let stride = params.columns_b / 4u;
  if (column >= stride) { return; }
  let at = first + row * stride + column;
  y[at] += t.r0;
  y[at + stride] += t.r1;
  y[at + 2u * stride] += t.r2;
  y[at + 3u * stride] += t.r3;
}

@compute @workgroup_size(WIDTH)
fn main(@builtin(local_invocation_id) local: vec3u, @builtin(workgroup_id) group: vec3u) {
  let last_column = params.columns_b / 4u - 1u;
  var first_row = 0u;
  var end = params.rows;
  @if(grouped) {
    first_row = offsets[group.z];
    end = first_row + counts[group.z];
  }
  let a_stride = params.a_stride / 4u;
  let b_stride = params.b_stride / 4u;
  @if(!tall) let a_tile = group.y;
  @if(tall) let a_tile = group.y * 2u;
  @if(!paired) let column = group.x * WIDTH + local.x;
  @if(paired) let column = group.x * WIDTH * 2u + local.x;
  let a_first = params.a_offset / 4u + a_tile;
  let b_first = params.b_offset / 4u;
  let x_column = min(column, last_column);
  @if(paired) let z_column = min(column + WIDTH, last_column);
  var y0 = Tile();
  @if(tall) var y1 = Tile();
  @if(paired) var z0 = Tile();
  @if(tall && paired) var z1 = Tile();
  for (var n = first_row; n < end; n++) {
    var b_row = n;
    @if(gather) { b_row = row_of[n] / params.slots_per_row; }
    let b_at = b_first + b_row * b_stride;
    let a_at = a_first + n * a_stride;
    let g0 = a[a_at];
    let x = b[b_at + x_column];
    y0 = add_outer(y0, g0, x);
    @if(tall) let g1 = a[a_at + 1u];
    @if(tall) y1 = add_outer(y1, g1, x);
    @if(paired) {
      let z = b[b_at + z_column];
      z0 = add_outer(z0, g0, z);
      @if(tall) z1 = add_outer(z1, g1, z);
    }
  }
  let first = group.z * params.columns_a * (params.columns_b / 4u);
  store(first, a_tile * 4u, column, y0);
  @if(tall) store(first, a_tile * 4u + 4u, column, y1);
  @if(paired) store(first, a_tile * 4u, column + WIDTH, z0);
  @if(tall && paired) store(first, a_tile * 4u + 4u, column + WIDTH, z1);
}
