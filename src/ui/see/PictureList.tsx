import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { GridList, GridListItem, ListLayout, Virtualizer } from 'react-aria-components';
import type { Picture } from '../../library/pictureTypes.ts';
import type { Duplicate } from './duplicates.ts';
import type { OpenAlbum } from './openAlbum.ts';
import { PictureRow } from './PictureRow.tsx';
import { type PictureRows, PictureRowsContext } from './pictureRows.ts';
import type { TextEditing } from './useTextEditing.ts';

interface Props {
  album: OpenAlbum;
  pictures: readonly Picture[];
  duplicates: ReadonlyMap<string, Duplicate>;
  missing: ReadonlySet<string>;
  /** The language of the translations, or null. */
  to: string | null;
  /** The pictures at work. */
  atWork: ReadonlyMap<string, unknown>;
  editing: TextEditing;
  /** The reader changed something of a picture. */
  onWork: (id: string) => void;
  onOpen: (id: string) => void;
  onRetry: (id: string) => void;
}

/** About what a row takes; it is measured once it is drawn. Pixels. */
const LAYOUT = { estimatedRowHeight: 112, gap: 0 };

/**
 * The pictures, of which only those in sight are drawn. Arrow keys go along them, Enter opens one, F2 edits its text, Delete
 * takes it out; Tab goes to what is in its row.
 */
export function PictureList(props: Props) {
  const { t } = useTranslation();
  const { album, pictures, duplicates, missing, to, atWork, editing, onWork, onOpen, onRetry } = props;
  const list = useRef<HTMLDivElement>(null);
  const toFocus = useRef<string | null>(null);
  const rowOf = (id: string): HTMLElement | null =>
    list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(id)}"]`) ?? null;

  useEffect(() => {
    if (toFocus.current === null) return;
    const row = rowOf(toFocus.current);
    // Unless the reader went elsewhere.
    if (row && (document.activeElement === document.body || list.current?.contains(document.activeElement)))
      row.focus();
    toFocus.current = null;
  });

  const rows = useMemo<PictureRows>(
    () => ({
      album,
      duplicates,
      missing,
      to,
      atWork,
      editing: editing.now,
      begin: editing.begin,
      type: editing.type,
      cancel: () => {
        toFocus.current = editing.now?.picture ?? null;
        editing.cancel();
      },
      done: (text, step) => {
        const at = editing.now;
        if (!at) return;
        onWork(at.picture);
        editing.done(text);
        const other =
          step === undefined ? undefined : pictures[pictures.findIndex(({ id }) => id === at.picture) + step];
        if (!other) {
          toFocus.current = at.picture;
          return;
        }
        // The next row may lie just out of sight, where nothing is drawn.
        list.current?.scrollBy({ top: (step ?? 0) * (rowOf(at.picture)?.offsetHeight ?? 0) });
        editing.begin({ picture: other.id, field: at.field });
      },
      edit: (id, patch) => {
        onWork(id);
        album.edit(id, patch);
      },
      remove: (id) => {
        const index = pictures.findIndex((picture) => picture.id === id);
        toFocus.current = (pictures[index + 1] ?? pictures[index - 1])?.id ?? null;
        album.remove(new Set([id]));
      },
      open: onOpen,
      retry: onRetry,
    }),
    [album, pictures, duplicates, missing, to, atWork, editing, onWork, onOpen, onRetry],
  );

  const press = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
    const id = event.target.closest('[role=row]')?.getAttribute('data-key');
    if (id === null || id === undefined || event.target.closest('textarea')) return;
    if (event.key === 'F2') editing.begin({ picture: id, field: 'text' });
    else if (event.key === 'Delete') rows.remove(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <PictureRowsContext value={rows}>
      <div className="picture-list-box" onKeyDownCapture={press}>
        <Virtualizer layout={ListLayout} layoutOptions={LAYOUT} shouldObserveItemSize>
          <GridList
            ref={list}
            className="picture-list"
            aria-label={t('album.pictures')}
            items={pictures}
            keyboardNavigationBehavior="tab"
            disallowTypeAhead
            onAction={(key) => onOpen(String(key))}
            renderEmptyState={() => <p className="nothing">{t('album.nothing')}</p>}
          >
            {(picture) => (
              <GridListItem id={picture.id} className="picture-row" textValue={picture.text || picture.path}>
                <PictureRow picture={picture} />
              </GridListItem>
            )}
          </GridList>
        </Virtualizer>
      </div>
    </PictureRowsContext>
  );
}
