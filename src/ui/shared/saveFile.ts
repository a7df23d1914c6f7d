/** Hands the reader a text as a file. */
export function saveFile(name: string, text: string, type = 'text/plain'): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Revoked at once, the download of a large file could still be cut off.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
