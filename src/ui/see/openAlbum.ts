import {
  keepAlbum,
  keepOriginals,
  keepPictures,
  keepThumbnail,
  listOriginals,
  readOriginal,
  readPictures,
  readThumbnails,
  sweepAlbum,
} from '../../library/pictures.ts';
import type { AlbumRecord, Picture } from '../../library/pictureTypes.ts';
import { LateWriter } from '../shared/lateWriter.ts';
import { asSentence } from './captionText.ts';
import type { ChosenFile } from '../shared/chosenFiles.ts';

/** What a screen shows of an album; a new object after every change. */
export interface AlbumSnapshot {
  record: AlbumRecord;
  /** In their order. */
  pictures: readonly Picture[];
  /** The pictures whose files are neither in the page nor in the library: they have to be given again to be seen. */
  missing: ReadonlySet<string>;
  canUndo: boolean;
  canRedo: boolean;
}

/** A change that can be taken back: pictures as they were, and as they are. */
interface Edit {
  gone: readonly Picture[];
  come: readonly Picture[];
}

const FRESH = {
  state: 'waiting',
  text: '',
  decorative: false,
  reviewed: false,
  translation: '',
  translatedFrom: null,
} as const satisfies Partial<Picture>;

/** What of a picture is the reader's to change. */
const READERS = ['text', 'decorative', 'reviewed', 'translation', 'translatedFrom'] as const;
type ReadersPart = Pick<Picture, (typeof READERS)[number]>;

/**
 * An album that is open: files come in, the captioner fills it and the reader edits it, all at once. Only what the reader did
 * is undone by undo, and it is in the library at once; what the engine did is within a moment.
 */
export class OpenAlbum {
  #snapshot: AlbumSnapshot;
  #kept: readonly Picture[];
  #undo: Edit[] = [];
  #redo: Edit[] = [];
  readonly #writer: LateWriter;
  readonly #onTrouble: (writing: Promise<unknown>) => void;
  readonly #listeners = new Set<() => void>();
  /** What was given in this visit. */
  readonly #files = new Map<string, Blob>();
  readonly #thumbnails: Map<string, Blob>;

  /** `onTrouble` is given every write: it tells the reader of one that fails. */
  constructor(
    record: AlbumRecord,
    onTrouble: (writing: Promise<unknown>) => void,
    kept: { pictures: Picture[]; thumbnails: Map<string, Blob>; originals: Set<string> } = {
      pictures: [],
      thumbnails: new Map(),
      originals: new Set(),
    },
  ) {
    const missing = new Set(kept.pictures.filter(({ id }) => !kept.originals.has(id)).map(({ id }) => id));
    this.#snapshot = { record, pictures: kept.pictures, missing, canUndo: false, canRedo: false };
    this.#kept = kept.pictures;
    this.#thumbnails = kept.thumbnails;
    this.#onTrouble = onTrouble;
    this.#writer = new LateWriter(() => this.#write(), onTrouble);
  }

  /** An album from the library. */
  static async open(record: AlbumRecord, onTrouble: (writing: Promise<unknown>) => void): Promise<OpenAlbum> {
    const pictures = await readPictures(record.id);
    await sweepAlbum(record.id, pictures);
    const [thumbnails, originals] = await Promise.all([readThumbnails(record.id), listOriginals(record.id)]);
    return new OpenAlbum(record, onTrouble, { pictures, thumbnails, originals });
  }

  get id(): string {
    return this.#snapshot.record.id;
  }

  readonly snapshot = (): AlbumSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  picture(id: string): Picture | undefined {
    return this.#snapshot.pictures.find((picture) => picture.id === id);
  }

  /** The small copy that lists show; null where there is none. */
  thumbnail(id: string): Blob | null {
    return this.#thumbnails.get(id) ?? null;
  }

  /** The picture itself; null where it has to be given again. */
  async file(id: string): Promise<Blob | null> {
    return this.#files.get(id) ?? (this.#snapshot.missing.has(id) ? null : await readOriginal(this.id, id));
  }

  /** Whether a file is one that is missing. */
  lacks({ file, path }: ChosenFile): boolean {
    const wanted = fingerprint({ path, bytes: file.size, modifiedAt: file.lastModified });
    const { pictures, missing } = this.#snapshot;
    return pictures.some((picture) => missing.has(picture.id) && fingerprint(picture) === wanted);
  }

  /** Takes files in: those that were missing go back to their pictures, others become new ones. Returns the new ones. */
  add(files: readonly ChosenFile[]): Picture[] {
    const missing = new Set(this.#snapshot.missing);
    const again = new Map(
      this.#snapshot.pictures.filter(({ id }) => missing.has(id)).map((picture) => [fingerprint(picture), picture.id]),
    );
    let number = (this.#snapshot.pictures.at(-1)?.number ?? -1) + 1;
    const added: Picture[] = [];
    const given: { id: string; file: Blob }[] = [];
    for (const { file, path } of files) {
      const about = { path, bytes: file.size, modifiedAt: file.lastModified };
      const known = again.get(fingerprint(about));
      const id = known ?? crypto.randomUUID();
      given.push({ id, file });
      this.#files.set(id, file);
      missing.delete(id);
      if (known !== undefined) continue;
      added.push({ ...FRESH, ...about, id, number: number++, type: file.type });
    }
    this.#set({ pictures: [...this.#snapshot.pictures, ...added], missing });
    // The record first: without it, what is kept could not be found or deleted.
    this.#onTrouble(this.keep().then(() => keepOriginals(this.id, given)));
    return added;
  }

  keepThumbnail(id: string, thumbnail: Blob): void {
    this.#thumbnails.set(id, thumbnail);
    this.#onTrouble(keepThumbnail(this.id, id, thumbnail));
  }

  /** A picture as the engine left it; one that was removed meanwhile stays removed. */
  update(id: string, patch: Partial<Picture>): void {
    this.replace([{ id, patch }]);
  }

  replace(changes: readonly { id: string; patch: Partial<Picture> }[]): void {
    const byId = new Map(changes.map(({ id, patch }) => [id, patch]));
    this.#set({
      pictures: this.#snapshot.pictures.map((picture) => {
        const patch = byId.get(picture.id);
        return patch ? { ...picture, ...patch } : picture;
      }),
    });
  }

  /** Back to the queue: what the engine made of it is forgotten, what the reader wrote stays. */
  again(id: string): void {
    const picture = this.picture(id);
    if (!picture) return;
    const { caption, failure: _, ...rest } = picture;
    const text = caption && picture.text === asSentence(caption.text) ? '' : picture.text;
    this.#set({
      pictures: this.#snapshot.pictures.map((each) => (each === picture ? { ...rest, text, state: 'waiting' } : each)),
    });
  }

  change(patch: Partial<Pick<AlbumRecord, 'title' | 'to'>>): void {
    this.#set({ record: { ...this.#snapshot.record, ...patch } });
    this.#writer.now();
  }

  /** A change by the reader: it can be undone. */
  edit(id: string, patch: Partial<ReadersPart>): void {
    const before = this.picture(id);
    if (!before) return;
    const after = { ...before, ...patch };
    if (READERS.some((key) => before[key] !== after[key])) this.#do({ gone: [before], come: [after] });
  }

  /** Takes pictures out; can be undone until the album is closed. */
  remove(ids: ReadonlySet<string>): void {
    const gone = this.#snapshot.pictures.filter(({ id }) => ids.has(id));
    if (gone.length > 0) this.#do({ gone, come: [] });
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

  /** Writes what is not written yet. */
  keep(): Promise<void> {
    return this.#writer.write();
  }

  async #write(): Promise<void> {
    const { pictures, record } = this.#snapshot;
    await keepAlbum(record);
    await keepPictures(record.id, this.#kept, pictures);
    this.#kept = pictures;
  }

  #do(edit: Edit): void {
    this.#undo.push(edit);
    this.#redo = [];
    this.#exchange(edit.gone, edit.come);
  }

  /** Of a picture that stays, only what the edit changed is changed: the engine may have filled in the rest since. */
  #exchange(gone: readonly Picture[], come: readonly Picture[]): void {
    const now = new Map(this.#snapshot.pictures.map((picture) => [picture.id, picture]));
    const came = new Map(come.map((picture) => [picture.id, picture]));
    for (const before of gone) {
      const after = came.get(before.id);
      const standing = now.get(before.id);
      if (!after) now.delete(before.id);
      else if (standing) now.set(before.id, { ...standing, ...changed(before, after) });
    }
    const were = new Set(gone.map(({ id }) => id));
    for (const picture of come) if (!were.has(picture.id)) now.set(picture.id, picture);
    this.#set({ pictures: [...now.values()].sort((a, b) => a.number - b.number) });
    this.#writer.now();
  }

  #set(change: { pictures?: readonly Picture[]; record?: AlbumRecord; missing?: ReadonlySet<string> }): void {
    const pictures = change.pictures ?? this.#snapshot.pictures;
    const record = change.record ?? this.#snapshot.record;
    this.#snapshot = {
      record: change.pictures ? { ...record, ...summary(pictures) } : record,
      pictures,
      missing: change.missing ?? this.#snapshot.missing,
      canUndo: this.#undo.length > 0,
      canRedo: this.#redo.length > 0,
    };
    this.#writer.soon();
    for (const listener of this.#listeners) listener();
  }
}

const changed = (before: Picture, after: Picture): Partial<ReadersPart> =>
  Object.fromEntries(READERS.filter((key) => before[key] !== after[key]).map((key) => [key, after[key]]));

/** The same file, given again; its folders may be given from another one upwards. */
const fingerprint = ({ path, bytes, modifiedAt }: Pick<Picture, 'path' | 'bytes' | 'modifiedAt'>): string =>
  JSON.stringify([path.slice(path.lastIndexOf('/') + 1), bytes, modifiedAt]);

const summary = (pictures: readonly Picture[]) => ({
  count: pictures.length,
  waiting: pictures.filter(({ state }) => state === 'waiting').length,
  preview: pictures.find(({ text }) => text !== '')?.text ?? '',
  cover: (pictures.find(({ state }) => state === 'done') ?? pictures[0])?.id ?? null,
});
