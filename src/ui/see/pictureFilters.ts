import type { Picture } from '../../library/pictureTypes.ts';
import { LONGEST_ALT } from './captionText.ts';
import type { Duplicate } from './duplicates.ts';
import { isEdited } from './exportAlbum.ts';

/** Which of an album's pictures are shown. */
export const FILTERS = ['all', 'review', 'long', 'duplicates', 'failed', 'missing', 'edited', 'decorative'] as const;
export type PictureFilter = (typeof FILTERS)[number];

/** In which order. */
export const ORDERS = ['given', 'doubt', 'length', 'name'] as const;
export type PictureOrder = (typeof ORDERS)[number];

export interface AlbumFacts {
  duplicates: ReadonlyMap<string, Duplicate>;
  missing: ReadonlySet<string>;
}

/** Its caption is too likely wrong to be used unread, and nobody has read it. */
export const needsReview = (picture: Picture): boolean =>
  picture.caption?.unsure === true && !picture.reviewed && !picture.decorative && !isEdited(picture);

export const isTooLong = ({ text, decorative }: Picture): boolean => !decorative && text.length > LONGEST_ALT;

const TESTS: Record<PictureFilter, (picture: Picture, facts: AlbumFacts) => boolean> = {
  all: () => true,
  review: needsReview,
  long: isTooLong,
  duplicates: ({ id }, { duplicates }) => duplicates.has(id),
  failed: ({ state }) => state === 'failed',
  missing: ({ id, state }, { missing }) => state === 'waiting' && missing.has(id),
  edited: isEdited,
  decorative: ({ decorative }) => decorative,
};

export const passes = (filter: PictureFilter, picture: Picture, facts: AlbumFacts): boolean =>
  TESTS[filter](picture, facts);

/** How many pictures each filter shows. */
export function countFilters(pictures: readonly Picture[], facts: AlbumFacts): Record<PictureFilter, number> {
  const counts = { all: 0, review: 0, long: 0, duplicates: 0, failed: 0, missing: 0, edited: 0, decorative: 0 };
  for (const picture of pictures) for (const filter of FILTERS) if (passes(filter, picture, facts)) counts[filter]++;
  return counts;
}

export function sortPictures(pictures: readonly Picture[], order: PictureOrder): Picture[] {
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  const by: Record<PictureOrder, (a: Picture, b: Picture) => number> = {
    given: (a, b) => a.number - b.number,
    // What has no caption yet comes last.
    doubt: (a, b) => (a.caption?.confidence ?? 2) - (b.caption?.confidence ?? 2),
    length: (a, b) => b.text.length - a.text.length,
    name: (a, b) => compare(a.path, b.path),
  };
  return [...pictures].sort((a, b) => by[order](a, b) || a.number - b.number);
}
