// Sums of a softmax over some columns of a row: (largest z, Σ e^s, Σ s·e^s) with s = z − largest.

// Of no columns; finite, so that merging it makes no NaN.
const NO_COLUMNS = vec3f(-3.0e38, 0.0, 0.0);

// The sums over the columns of both.
fn merge(a: vec3f, b: vec3f) -> vec3f {
  let largest = max(a.x, b.x);
  let down_a = a.x - largest;
  let down_b = b.x - largest;
  let scale_a = exp(down_a);
  let scale_b = exp(down_b);
  return vec3f(
    largest,
    scale_a * a.y + scale_b * b.y,
    scale_a * (a.z + down_a * a.y) + scale_b * (b.z + down_b * b.y),
  );
}
