// Which keys a token of a packed batch attends to; written by src/model/packedBatch.ts. A span is
//   x, y: first token of the prefix that it continues, and one past the last; x = y = z where it continues none
//   z:    first token of its own sequence
//   w:    one past the last token that sees it: the end of its sequence, or of all that continue it

fn sees(span: vec4u, n: u32, j: u32) -> bool {
  return (j >= span.z && j <= n) || (j >= span.x && j < span.y);
}

// The key after j for a workgroup of neighbouring queries that starts with the one of this span: behind its prefix come its own
// sequence and whatever the later queries see.
fn next_key(span: vec4u, j: u32) -> u32 {
  return select(j + 1u, span.z, j + 1u == span.y);
}
