// Rounds to half precision; what is too large for it becomes its largest number, not infinity.
fn to_half(x: f32) -> f16 {
  return f16(clamp(x, -65504.0, 65504.0));
}
