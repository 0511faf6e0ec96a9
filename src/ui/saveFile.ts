// Gives bytes or a text to the reader as a file.

const TYPES: Readonly<Record<string, string>> = {
  zip: 'application/zip',
  json: 'application/json',
  jsonl: 'application/jsonl',
  csv: 'text/csv',
  svg: 'image/svg+xml',
  png: 'image/png',
};

export function saveFile(content: Uint8Array | string | Blob, name: string): void {
  const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  const blob = new Blob([content instanceof Uint8Array ? new Uint8Array(content) : content], { type });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
