import { contactSheet } from '../../formats/altText/contactSheet.ts';
import { htmlImage, markdownImage } from '../../formats/altText/imageTags.ts';
import { formatCsv, guardCell } from '../../formats/csv.ts';
import type { AlbumRecord, Picture } from '../../library/pictureTypes.ts';
import { asSentence } from './captionText.ts';
import type { Duplicate } from './duplicates.ts';

export const EXPORT_FORMATS = ['csv', 'html', 'sheet', 'markdown', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
/** In which language the texts are; `both` where a format has room for two. */
export type ExportText = 'original' | 'translation';

/** The language of captions, until there are models of others. */
export const CAPTION_LANGUAGE = 'en';

export interface AlbumExport {
  record: AlbumRecord;
  pictures: readonly Picture[];
  duplicates: ReadonlyMap<string, Duplicate>;
  /** Which text stands in `alt`; CSV, JSON and the sheet have both where there are two. */
  text: ExportText;
  thumbnail: (id: string) => Blob | null;
  /** What the sheet says of a picture, in the reader's language. */
  notes: (picture: Picture) => string[];
  /** BCP-47, of the page. */
  locale: string;
}

export interface ExportedFile {
  name: string;
  content: string;
  /** MIME. */
  type: string;
}

const KINDS: Record<ExportFormat, { ending: string; type: string }> = {
  csv: { ending: 'csv', type: 'text/csv' },
  html: { ending: 'img.html', type: 'text/html' },
  sheet: { ending: 'html', type: 'text/html' },
  markdown: { ending: 'md', type: 'text/markdown' },
  json: { ending: 'json', type: 'application/json' },
};

/** An album as a file to take away: one that can be read, written at once. */
export function exportText(album: AlbumExport, format: Exclude<ExportFormat, 'sheet'>): ExportedFile {
  const write = { csv: writeTable, html: writeHtml, markdown: writeMarkdown, json: writeJson }[format];
  return { ...aboutFile(album, format), content: write(album) };
}

/** The same as a page to look at, with every picture in small. */
export async function exportSheet(album: AlbumExport): Promise<ExportedFile> {
  return { ...aboutFile(album, 'sheet'), content: await writeSheet(album) };
}

const aboutFile = ({ record }: AlbumExport, format: ExportFormat): Omit<ExportedFile, 'content'> => ({
  name: `${fileName(record.title)}.${KINDS[format].ending}`,
  type: KINDS[format].type,
});

const writeHtml = (album: AlbumExport): string => lines(album, htmlImage);
const writeMarkdown = (album: AlbumExport): string => lines(album, markdownImage);
const writeJson = (album: AlbumExport): string => JSON.stringify(asData(album), null, 2);

/** What a page says in place of a picture. */
export const altOf = ({ decorative, text, translation }: Picture, chosen: ExportText): string =>
  decorative ? '' : chosen === 'translation' ? translation : text;

/** Whether the reader changed what the engine said. */
export const isEdited = ({ caption, text }: Picture): boolean =>
  text !== '' && (caption === undefined || text !== asSentence(caption.text));

const lines = ({ pictures, text }: AlbumExport, write: typeof htmlImage): string =>
  pictures
    .filter((picture) => picture.decorative || altOf(picture, text) !== '')
    .map((picture) => `${write({ path: picture.path, alt: altOf(picture, text), size: picture.size })}\n`)
    .join('');

/** With a byte order mark, without which spreadsheets take UTF-8 for something else. */
function writeTable({ record: { to }, pictures, duplicates }: AlbumExport): string {
  const header = ['file', 'alt', ...(to === null ? [] : [`alt_${to}`])];
  const more = ['decorative', 'confidence', 'unsure', 'reviewed', 'edited', 'characters', 'width', 'height'];
  const yes = (value: boolean | undefined): string => (value ? 'yes' : 'no');
  const rows = pictures.map((picture) => {
    const { path, caption, size, failure, decorative, reviewed } = picture;
    const alt = altOf(picture, 'original');
    return [
      path,
      alt,
      ...(to === null ? [] : [altOf(picture, 'translation')]),
      yes(decorative),
      caption ? caption.confidence.toFixed(2) : '',
      caption ? yes(caption.unsure) : '',
      yes(reviewed),
      yes(isEdited(picture)),
      String(alt.length),
      size ? String(size.width) : '',
      size ? String(size.height) : '',
      duplicates.get(picture.id)?.of.path ?? '',
      failure?.message ?? '',
    ].map(guardCell);
  });
  return `\uFEFF${formatCsv([[...header, ...more, 'duplicate_of', 'error'], ...rows])}`;
}

/** Everything that is known, for programs. */
function asData({ record: { title, to }, pictures, duplicates }: AlbumExport): object {
  return {
    format: 'glossa-alt-text',
    version: 1,
    title,
    language: CAPTION_LANGUAGE,
    ...(to === null ? {} : { translatedInto: to }),
    pictures: pictures.map((picture) => {
      const { path, caption, size, failure, decorative, reviewed, bytes, sha256, translation } = picture;
      const duplicate = duplicates.get(picture.id);
      return {
        file: path,
        bytes,
        ...(sha256 === undefined ? {} : { sha256 }),
        ...size,
        alt: altOf(picture, 'original'),
        ...(to === null || translation === '' ? {} : { translation }),
        decorative,
        reviewed,
        edited: isEdited(picture),
        ...(caption
          ? {
              caption: {
                text: caption.text,
                confidence: caption.confidence,
                unsure: caption.unsure,
                alternatives: caption.alternatives.map(({ text }) => text),
                tags: caption.tags,
                model: caption.ran.model,
              },
            }
          : {}),
        ...(duplicate ? { duplicateOf: { file: duplicate.of.path, exact: duplicate.exact } } : {}),
        ...(failure ? { error: failure } : {}),
      };
    }),
  };
}

async function writeSheet({ record, pictures, thumbnail, notes, locale }: AlbumExport): Promise<string> {
  const sheet = [];
  for (const picture of pictures) {
    const small = thumbnail(picture.id);
    sheet.push({
      path: picture.path,
      alt: altOf(picture, 'original'),
      size: picture.size,
      thumbnail: small ? await dataUrl(small) : '',
      translation: record.to === null ? undefined : altOf(picture, 'translation'),
      notes: notes(picture),
    });
  }
  return contactSheet({
    title: record.title,
    language: locale,
    textLanguage: CAPTION_LANGUAGE,
    translationLanguage: record.to,
    pictures: sheet,
  });
}

const dataUrl = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(reader.error ?? new Error('The thumbnail could not be read.'));
    reader.readAsDataURL(blob);
  });

const fileName = (title: string): string =>
  title
    .replace(/\.[a-z0-9]{2,5}$/i, '')
    .replace(/[\\/:*?"<>|\p{C}\s]+/gu, ' ')
    .trim() || 'pictures';
