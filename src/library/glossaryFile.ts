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
  const used = separatorsOf(content);
  const separator = used.has('\t') ? '\t' : used.has(';') && !used.has(',') ? ';' : ',';
  const rows: TermRow[] = [];
  let skipped = 0;
  for (const cells of parseCells(content, separator)) {
    const [source = '', target = ''] = cells.map((cell) => cell.trim());
    if (source && target) rows.push({ source, target });
    else if (source || target) skipped++;
  }
  return { rows, skipped };
}

/** The separators in the first line, outside of quotes. */
function separatorsOf(text: string): Set<string> {
  const used = new Set<string>();
  let quoted = false;
  let atStart = true;
  for (const c of text) {
    if (quoted) quoted = c !== '"';
    else if (c === '\n' || c === '\r') break;
    else if (c === '"' && atStart) quoted = true;
    else if (c === '\t' || c === ';' || c === ',') used.add(c);
    // A quote that follows the end of a quoted part is the second of two: the cell goes on.
    atStart = c === '\t' || c === ';' || c === ',' || c === '"';
  }
  return used;
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
