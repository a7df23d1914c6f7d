import type { ErrorCode } from '../protocol/errors.ts';
import type { Caption } from '../protocol/types.ts';

/** A picture of an album: its file, what the engine saw in it, and what the reader made of that. Exchanged, never changed. */
export interface Picture {
  id: string;
  /** Its place in the album. */
  number: number;
  /** The file's name, after the folders it was given with: "holiday/beach/1.jpg". */
  path: string;
  /** MIME, as the browser tells it; may be empty. */
  type: string;
  bytes: number;
  /** Milliseconds since 1970: with path and size it tells whether a file is the same. */
  modifiedAt: number;
  state: 'waiting' | 'done' | 'failed';
  /** Why it failed. */
  failure?: { code: ErrorCode; message: string };
  /** As shown, in pixels; absent until it was opened. */
  size?: { width: number; height: number };
  /** Of the file's bytes, in hexadecimal. */
  sha256?: string;
  /** Difference hash of what is seen, 16 hexadecimal digits; absent where there is too little to see. */
  look?: string;
  caption?: Caption;
  /** The alternative text as it stands: the caption, or what the reader made of it. */
  text: string;
  /** For show only: it is left out of what is read aloud, by an empty alternative text. */
  decorative: boolean;
  /** The reader has read the text and let it stand. */
  reviewed: boolean;
  /** The text in the album's other language; empty where there is none. */
  translation: string;
  /** The text that the translation was made of; null where the reader wrote it. */
  translatedFrom: string | null;
}

export interface StoredPicture extends Picture {
  album: string;
}

/** Pictures that were opened together, or one alone; without them, what a list shows. */
export interface AlbumRecord {
  id: string;
  title: string;
  /** Milliseconds since 1970, when it was begun. */
  at: number;
  count: number;
  /** How many still wait for their caption. */
  waiting: number;
  /** The language its texts are translated into, or null. */
  to: string | null;
  /** The text of its first picture that has one. */
  preview: string;
  /** The picture that stands for it. */
  cover: string | null;
}

/** A picture's file, or the small copy of it that lists show. */
export interface KeptBlob {
  album: string;
  id: string;
  blob: Blob;
}
