import { createContext, useContext } from 'react';
import type { Picture } from '../../library/pictureTypes.ts';
import type { Duplicate } from './duplicates.ts';
import type { OpenAlbum } from './openAlbum.ts';
import type { EditedText } from './useTextEditing.ts';

/** What the rows of a list share: through a context, so that a change of it does not build the whole list again. */
export interface PictureRows {
  album: OpenAlbum;
  duplicates: ReadonlyMap<string, Duplicate>;
  missing: ReadonlySet<string>;
  to: string | null;
  /** The pictures at work. */
  atWork: ReadonlyMap<string, unknown>;
  editing: EditedText | null;
  begin: (what: EditedText) => void;
  type: (text: string) => void;
  done: (text: string, step?: 1 | -1) => void;
  cancel: () => void;
  edit: (id: string, patch: Partial<Pick<Picture, 'decorative' | 'reviewed'>>) => void;
  remove: (id: string) => void;
  open: (id: string) => void;
  retry: (id: string) => void;
}

export const PictureRowsContext = createContext<PictureRows | null>(null);

export function usePictureRows(): PictureRows {
  const rows = useContext(PictureRowsContext);
  if (!rows) throw new Error('usePictureRows needs a PictureRowsContext above it.');
  return rows;
}
