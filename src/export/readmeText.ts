// What the READMEs of jobs are written with.

/** A name as text of Markdown: it may be anything a reader typed. */
export const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>#|!\n\r]/g, ' ').trim();

/** A text with values in the places of `{{name}}`. */
export const filled = (text: string, values: Readonly<Record<string, unknown>>): string =>
  text.trim().replace(/\{\{(\w+)\}\}/g, (_, name: string) => `${values[name]}`);

export const NO_BITS = 'Random numbers are others, so the answers are others, too: the same course, not the same bits.';
