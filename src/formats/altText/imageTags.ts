/** A picture in a page: where it lies, what it says to who does not see it, and its size in pixels where that is known. */
export interface DescribedPicture {
  /** Relative, with `/` between folders. */
  path: string;
  /** Empty: for show only. */
  alt: string;
  size?: { width: number; height: number } | undefined;
}

/** Text as it can stand in HTML, between tags and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** `<img src="cat.jpg" alt="A cat." width="640" height="480">` */
export function htmlImage({ path, alt, size }: DescribedPicture): string {
  const dimensions = size ? ` width="${size.width}" height="${size.height}"` : '';
  return `<img src="${escapeHtml(encodePath(path))}" alt="${escapeHtml(oneLine(alt))}"${dimensions}>`;
}

/** `![A cat.](cat.jpg)`, with what Markdown would take for its own escaped (CommonMark 0.31, 2.4 and 6.4). */
export function markdownImage({ path, alt }: DescribedPicture): string {
  return `![${oneLine(alt).replace(/[\\[\]*_`<>&!]/g, '\\$&')}](${encodePath(path).replace(/[()]/g, percent)})`;
}

/** A path as an address: each folder's name percent-encoded. File names may hold halves of surrogate pairs, addresses not. */
const encodePath = (path: string): string =>
  path
    .split('/')
    .map((name) => encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\uFFFD')))
    .join('/');

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** An alternative text is read aloud in one go. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
