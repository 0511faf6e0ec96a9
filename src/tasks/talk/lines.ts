/** The entries of a text that parts them by `|` or by a new line. */
export const lines = (text: string): readonly string[] =>
  text
    .split(/[|\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
