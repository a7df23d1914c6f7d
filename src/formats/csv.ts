/** CSV (RFC 4180). Rows end in CRLF; cells that hold a separator, a quote or a line break are quoted. */
export function formatCsv(rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string): string => (/[",\t;\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

/**
 * A cell that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe in front, which
 * spreadsheets read as "this is text" (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export const guardCell = (cell: string): string => (/^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell);
