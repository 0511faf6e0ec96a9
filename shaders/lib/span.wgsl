// Which keys a token of a packed batch attends to; written by src/model/packedBatch.ts. A span is
//   x, y: first token of the prefix that it continues, and one past the last; x = y = z where it continues none
//   z:    first token of its own sequence
//   w:    one past the last token that sees it: the end of its sequence, or of all that continue it
// windowed: of these it sees the last `window`, itself among them.

// How far back the first token of a prefix, or of a sequence, is from the first that sees only a window.
@if(windowed) fn skipped(length: u32, window: u32) -> u32 {
  return max(length, window) - window;
}

fn sees(span: vec4u, n: u32, j: u32, window: u32) -> bool {
  @if(!windowed) return (j >= span.z && j <= n) || (j >= span.x && j < span.y);
  @if(windowed) {
    if (j >= span.z) { return j <= n && n - j < window; }
    return j >= span.x && j < span.y && (span.y - j) + (n - span.z) < window;
  }
}

// The first key that a workgroup of neighbouring queries walks, the first of which is n, of this span. Later ones of its sequence
// see no earlier key; others that continue its prefix may see the prefix to its end.
fn first_key(span: vec4u, n: u32, window: u32) -> u32 {
  @if(!windowed) return span.x;
  @if(windowed) {
    if (span.x < span.y) { return span.x + skipped(span.y - span.x + 1u, window); }
    return span.z + skipped(n - span.z + 1u, window);
  }
}

// The key after j for such a workgroup: behind its prefix come its own sequence and whatever the later queries see.
fn next_key(span: vec4u, n: u32, j: u32, window: u32) -> u32 {
  @if(!windowed) return select(j + 1u, span.z, j + 1u == span.y);
  @if(windowed) return select(j + 1u, span.z + skipped(n - span.z + 1u, window), j + 1u == span.y);
}
