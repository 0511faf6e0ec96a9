// Products of a row with four columns at a time.
import package::lib::vectors::{Vector, WeightVector};

// One Vector of four columns, turned so that it is added one row at a time.
@if(vec4) alias Columns = mat4x4f;
@if(!vec4) alias Columns = vec4f;

@if(vec4) fn columns(a: Vector, b: Vector, c: Vector, d: Vector) -> Columns { return transpose(mat4x4f(a, b, c, d)); }
@if(!vec4) fn columns(a: Vector, b: Vector, c: Vector, d: Vector) -> Columns { return vec4f(a, b, c, d); }

fn weight_columns(a: WeightVector, b: WeightVector, c: WeightVector, d: WeightVector) -> Columns {
  return columns(Vector(a), Vector(b), Vector(c), Vector(d));
}

// y + x·m: a Vector of a row times four columns, one number of the row after the other, so that a row has the same bits
// in every kernel.
@if(vec4) fn add_product(y: vec4f, x: Vector, m: Columns) -> vec4f {
  return fma(m[3], vec4f(x.w), fma(m[2], vec4f(x.z), fma(m[1], vec4f(x.y), fma(m[0], vec4f(x.x), y))));
}
@if(!vec4) fn add_product(y: vec4f, x: Vector, m: Columns) -> vec4f {
  return fma(m, vec4f(x), y);
}
