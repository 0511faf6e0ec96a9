// The fields of the screen that show a value which they cannot take. Nothing starts while there is one: what would be used is the
// value before, and that is not what the reader sees.

const shown = new Map<string, () => void>();

/**
 * Says that a field shows a value that it cannot take.
 * @param show brings the reader to the field.
 * @returns the function that takes it back.
 */
export function markInvalid(id: string, show: () => void): () => void {
  shown.set(id, show);
  return () => void shown.delete(id);
}

/** Brings the reader to the first invalid field; false if there is none, so that what was asked for can start. */
export function showInvalidField(): boolean {
  const [first] = shown.values();
  first?.();
  return first !== undefined;
}
