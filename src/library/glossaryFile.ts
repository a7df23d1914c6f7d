import { formatCsv } from '../formats/csv.ts';

/** Reads and writes glossaries as CSV (RFC 4180) or TSV: two columns, source and target, one term a line. */

export interface TermRow {
  source: string;
  target: string;
}

/**
 * The rows of a CSV or TSV file. A tab anywhere in the first line makes it TSV, otherwise a semicolon without a comma makes
 * it the CSV that spreadsheets write in much of Europe. Rows without both columns are counted in `skipped`.
 */
export function parseGlossary(text: string): { rows: TermRow[]; skipped: number } {
  const content = text.replace(/^\uFEFF/, '');
  const firstLine = content.slice(0, /[\r\n]|$/.exec(content)?.index);
  const separator = firstLine.includes('\t') ? '\t' : firstLine.includes(';') && !firstLine.includes(',') ? ';' : ',';
  const rows: TermRow[] = [];
  let skipped = 0;
  for (const cells of parseCells(content, separator)) {
    const [source = '', target = ''] = cells.map((cell) => cell.trim());
    if (source && target) rows.push({ source, target });
    else if (source || target) skipped++;
  }
  return { rows, skipped };
}

function parseCells(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text.charAt(i + 1) === '"') cell += text.charAt(i++);
      else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === separator) {
      row.push(cell);
      cell = '';
    } else if (c === '\n' || c === '\r') {
      if (c === '\r' && text.charAt(i + 1) === '\n') i++;
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else cell += c;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}

export const formatGlossary = (rows: TermRow[]): string =>
  formatCsv(rows.map(({ source, target }) => [source, target]));
