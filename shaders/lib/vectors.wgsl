// Numbers in fours where every width is a multiple of four, one at a time otherwise; a kernel written in Vectors serves both.
@if(vec4) alias Vector = vec4f;
@if(!vec4) alias Vector = f32;

// Weights as they are stored, one and in a Vector: half as long where a model is trained with fp16. Vector(…) makes
// numbers of them.
@if(half) alias Weight = f16;
@if(!half) alias Weight = f32;
@if(vec4) alias WeightVector = vec4<Weight>;
@if(!vec4) alias WeightVector = Weight;

// Numbers in a Vector.
@if(vec4) const VECTOR_SIZE = 4u;
@if(!vec4) const VECTOR_SIZE = 1u;

@if(vec4) fn vector_sum(a: Vector) -> f32 { return dot(a, vec4f(1.0)); }
@if(!vec4) fn vector_sum(a: Vector) -> f32 { return a; }

fn vector_sigmoid(a: Vector) -> Vector {
  return Vector(1.0) / (Vector(1.0) + exp(-a));
}

// Number i of a Vector.
@if(vec4) fn component(a: Vector, i: u32) -> f32 { return a[i]; }
@if(!vec4) fn component(a: Vector, i: u32) -> f32 { return a; }
