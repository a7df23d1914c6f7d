/** A text in a link's fragment, `#text=…&from=…&to=…`: a browser never sends that part to a server. */
export interface Shared {
  text: string;
  from: string | null;
  to: string | null;
}

const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;

/** What a fragment shares, or null where it shares no text. */
export function readShared(fragment: string): Shared | null {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const text = fields.get('text');
  if (text === null || text === '') return null;
  const language = (name: string): string | null => {
    const tag = fields.get(name);
    return tag !== null && LANGUAGE.test(tag) ? (tag.toLowerCase().split('-')[0] ?? null) : null;
  };
  return { text, from: language('from'), to: language('to') };
}

/** The link to a text on the page at `page`, whose own query and fragment are dropped. */
export function sharedLink(page: string, text: string, from: string, to: string): string {
  const url = new URL(page);
  url.search = '';
  // encodeURIComponent and not URLSearchParams: `%20` survives chat programs that turn `+` into a plus.
  url.hash = `text=${encodeURIComponent(text)}&from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`;
  return url.href;
}
