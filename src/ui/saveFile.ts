// Gives a zip's bytes or a JSON text to the reader as a file.

export function saveFile(content: Uint8Array | string, name: string): void {
  const blob =
    typeof content === 'string'
      ? new Blob([content], { type: 'application/json' })
      : new Blob([new Uint8Array(content)], { type: 'application/zip' });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
