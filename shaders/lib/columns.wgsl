// Products of a row with four columns at a time.
import package::lib::lanes::{Lane, WeightLane};

// One Lane of four columns, turned so that it is added one row at a time.
@if(vec4) alias Columns = mat4x4f;
@if(!vec4) alias Columns = vec4f;

@if(vec4) fn columns(a: Lane, b: Lane, c: Lane, d: Lane) -> Columns { return transpose(mat4x4f(a, b, c, d)); }
@if(!vec4) fn columns(a: Lane, b: Lane, c: Lane, d: Lane) -> Columns { return vec4f(a, b, c, d); }

fn weight_columns(a: WeightLane, b: WeightLane, c: WeightLane, d: WeightLane) -> Columns {
  return columns(Lane(a), Lane(b), Lane(c), Lane(d));
}

// y + x·m: a Lane of a row times four columns, one number of the row after the other, so that a row has the same bits
// in every kernel.
@if(vec4) fn add_product(y: vec4f, x: Lane, m: Columns) -> vec4f {
  return fma(m[3], vec4f(x.w), fma(m[2], vec4f(x.z), fma(m[1], vec4f(x.y), fma(m[0], vec4f(x.x), y))));
}
@if(!vec4) fn add_product(y: vec4f, x: Lane, m: Columns) -> vec4f {
  return fma(m, vec4f(x), y);
}
