// A number from a text, the same everywhere and for ever.

/** FNV-1a over the UTF-16 code units, 32 bits. Its low bits mix poorly: finish it with pcg4d or `rng`. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
