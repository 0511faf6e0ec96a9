// Numbers in fours where every width is a multiple of four, one at a time otherwise; a kernel written in Lanes serves both.
@if(vec4) alias Lane = vec4f;
@if(!vec4) alias Lane = f32;

// Weights as they are stored, one and in a Lane: half as long where a model is trained with fp16. Lane(…) makes numbers of them.
@if(half) alias Weight = f16;
@if(!half) alias Weight = f32;
@if(vec4) alias WeightLane = vec4<Weight>;
@if(!vec4) alias WeightLane = Weight;

// Numbers in a Lane.
@if(vec4) const LANES = 4u;
@if(!vec4) const LANES = 1u;

@if(vec4) fn lane_sum(a: Lane) -> f32 { return dot(a, vec4f(1.0)); }
@if(!vec4) fn lane_sum(a: Lane) -> f32 { return a; }

fn lane_sigmoid(a: Lane) -> Lane {
  return Lane(1.0) / (Lane(1.0) + exp(-a));
}

// Number i of a Lane.
@if(vec4) fn component(a: Lane, i: u32) -> f32 { return a[i]; }
@if(!vec4) fn component(a: Lane, i: u32) -> f32 { return a; }
