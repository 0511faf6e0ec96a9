// Commands that a person copies into a shell.

/** The word as a POSIX shell reads it back: in single quotes unless no character of it means anything to a shell. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The line that calls the command line with these words. */
export function cliCommand(...words: readonly string[]): string {
  return ['npm run cli --', ...words.map(shellWord)].join(' ');
}
