import { type DescribedPicture, escapeHtml } from './imageTags.ts';

export interface SheetPicture extends DescribedPicture {
  /** The picture in small, as a data: address; empty where there is none. */
  thumbnail: string;
  /** The text in the other language. */
  translation?: string | undefined;
  /** What is to be known of it: "For show only", "Not sure". */
  notes: readonly string[];
}

interface Sheet {
  title: string;
  /** BCP-47, of the page and of the texts. */
  language: string;
  textLanguage: string;
  translationLanguage: string | null;
  pictures: readonly SheetPicture[];
}

const STYLE = `:root{color-scheme:light dark}body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}
ol{list-style:none;margin:0;padding:0}li{display:grid;grid-template-columns:10rem 1fr;gap:1.25rem;padding:1rem 0;border-top:1px solid #8886}
img{max-width:10rem;max-height:10rem}p{margin:0 0 .35rem}.alt{font:1.15rem/1.5 Georgia,serif}.quiet{color:#777;font-size:.875rem;overflow-wrap:anywhere}
@media(max-width:30rem){li{grid-template-columns:1fr}}`;

/** One HTML file that needs nothing else: each picture in small with its alternative text. No script, nothing is fetched. */
export function contactSheet({ title, language, textLanguage, translationLanguage, pictures }: Sheet): string {
  const text = (content: string, className: string, lang: string): string =>
    `<p class="${className}" lang="${escapeHtml(lang)}">${escapeHtml(content)}</p>`;
  const items = pictures.map(({ path, alt, size, thumbnail, translation, notes }) => {
    const about = [path, ...(size ? [`${size.width} × ${size.height}`] : []), ...notes];
    return [
      '<li>',
      `<div>${thumbnail === '' ? '' : `<img src="${escapeHtml(thumbnail)}" alt="${escapeHtml(alt)}">`}</div>`,
      '<div>',
      alt === '' ? '' : text(alt, 'alt', textLanguage),
      translation && translationLanguage !== null ? text(translation, 'alt', translationLanguage) : '',
      `<p class="quiet">${about.map(escapeHtml).join(' · ')}</p>`,
      '</div>',
      '</li>',
    ].join('');
  });
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<ol>
${items.join('\n')}
</ol>
</body>
</html>
`;
}
