import { keepLines, keepTranscript } from '../../library/transcripts.ts';
import type { TranscriptLine, TranscriptRecord } from '../../library/transcriptTypes.ts';
import { mostSpoken } from '../../protocol/transcript.ts';
import { LateWriter } from '../shared/lateWriter.ts';
import { spokenIn } from './lineLanguages.ts';

/** What a screen shows of a transcript; a new object after every change. */
export interface TranscriptSnapshot {
  record: TranscriptRecord;
  /** In the order of their times. */
  lines: readonly TranscriptLine[];
  canUndo: boolean;
  canRedo: boolean;
}

/** A change that can be taken back: lines that went and lines that came in their place. */
interface Edit {
  gone: readonly TranscriptLine[];
  come: readonly TranscriptLine[];
}

const PREVIEW_LENGTH = 240;

/**
 * A transcript that is open: the recogniser adds to it, the translator writes beside it and the reader edits it, all at
 * once. Only what the reader did is undone by undo, and it is in the library at once; what the engine did is within a moment.
 */
export class OpenTranscript {
  #snapshot: TranscriptSnapshot;
  #kept: readonly TranscriptLine[];
  #undo: Edit[] = [];
  #redo: Edit[] = [];
  readonly #writer: LateWriter;
  readonly #listeners = new Set<() => void>();

  /** `onTrouble` is given every write: it tells the reader of one that fails. */
  constructor(record: TranscriptRecord, lines: readonly TranscriptLine[], onTrouble: (writing: Promise<void>) => void) {
    this.#snapshot = { record, lines, canUndo: false, canRedo: false };
    this.#kept = lines;
    this.#writer = new LateWriter(() => this.#write(), onTrouble);
  }

  get id(): string {
    return this.#snapshot.record.id;
  }

  readonly snapshot = (): TranscriptSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** What the recogniser heard next. */
  append(line: TranscriptLine): void {
    this.#set({ lines: inOrder([...this.#snapshot.lines, line]) });
  }

  /** New versions of lines by the engine's hand, such as translations; lines that are no more are left out. */
  replace(changed: readonly TranscriptLine[]): void {
    const byId = new Map(changed.map((line) => [line.id, line]));
    this.#set({ lines: this.#snapshot.lines.map((line) => byId.get(line.id) ?? line) });
  }

  change(patch: Partial<TranscriptRecord>): void {
    this.#set({ record: { ...this.#snapshot.record, ...patch } });
    this.#writer.now();
  }

  /** A change by the reader: it can be undone. */
  edit(gone: readonly TranscriptLine[], come: readonly TranscriptLine[]): void {
    if (gone.length === come.length && gone.every((line, i) => line === come[i])) return;
    this.#undo.push({ gone, come });
    this.#redo = [];
    this.#exchange(gone, come);
  }

  undo(): void {
    const edit = this.#undo.pop();
    if (!edit) return;
    this.#redo.push(edit);
    this.#exchange(edit.come, edit.gone);
  }

  redo(): void {
    const edit = this.#redo.pop();
    if (!edit) return;
    this.#undo.push(edit);
    this.#exchange(edit.gone, edit.come);
  }

  /** From here on there is nothing to take back. */
  forgetEdits(): void {
    this.#undo = [];
    this.#redo = [];
    this.#set({});
  }

  /** Writes what is not written yet. */
  keep(): Promise<void> {
    return this.#writer.write();
  }

  async #write(): Promise<void> {
    const { lines, record } = this.#snapshot;
    await keepLines(record.id, this.#kept, lines);
    this.#kept = lines;
    await keepTranscript(record);
  }

  #exchange(gone: readonly TranscriptLine[], come: readonly TranscriptLine[]): void {
    const ids = new Set(gone.map(({ id }) => id));
    this.#set({ lines: inOrder([...this.#snapshot.lines.filter(({ id }) => !ids.has(id)), ...come]) });
    this.#writer.now();
  }

  #set(change: { lines?: readonly TranscriptLine[]; record?: TranscriptRecord }): void {
    const lines = change.lines ?? this.#snapshot.lines;
    const record = change.record ?? this.#snapshot.record;
    this.#snapshot = {
      record: change.lines ? summarised(record, lines) : record,
      lines,
      canUndo: this.#undo.length > 0,
      canRedo: this.#redo.length > 0,
    };
    this.#writer.soon();
    for (const listener of this.#listeners) listener();
  }
}

const inOrder = (lines: TranscriptLine[]): TranscriptLine[] =>
  lines.sort((a, b) => a.startS - b.startS || a.endS - b.endS);

/** With what the lines say: how they begin, how long they are, and what is spoken in them. */
function summarised(
  { textLanguage: _, ...record }: TranscriptRecord,
  lines: readonly TranscriptLine[],
): TranscriptRecord {
  let preview = '';
  for (const { text } of lines) {
    if (preview.length >= PREVIEW_LENGTH) break;
    preview += `${preview === '' ? '' : ' '}${text}`;
  }
  const textLanguage = lines.find((line) => line.textLanguage !== undefined)?.textLanguage;
  return {
    ...record,
    preview: preview.slice(0, PREVIEW_LENGTH),
    durationS: Math.max(record.durationS, lines.at(-1)?.endS ?? 0),
    language: mostSpoken(lines.map((line) => ({ ...line, language: spokenIn(line, record) }))) ?? record.language,
    ...(textLanguage === undefined ? {} : { textLanguage }),
  };
}
