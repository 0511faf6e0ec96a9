// What all invocations of a subgroup read. With subgroups, of each Vector (of four numbers) an invocation reads a quarter and its
// neighbours tell it the rest.
import package::lib::vectors::Vector;

@if(subgroups) alias Quarter = f32;
@if(!subgroups) alias Quarter = Vector;

// Where an invocation's quarter of Vector i lies.
@if(subgroups) fn quarter_of(i: u32, lane: u32) -> u32 { return 4u * i + lane % 4u; }
@if(!subgroups) fn quarter_of(i: u32, lane: u32) -> u32 { return i; }

@if(subgroups) fn together(own: Quarter) -> Vector {
  return Vector(quadBroadcast(own, 0u), quadBroadcast(own, 1u), quadBroadcast(own, 2u), quadBroadcast(own, 3u));
}
@if(!subgroups) fn together(own: Quarter) -> Vector { return own; }
