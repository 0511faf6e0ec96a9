// Tests on the bits of a number: an implementation may assume that NaN and infinity do not exist, so comparing does not
// find them.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}
