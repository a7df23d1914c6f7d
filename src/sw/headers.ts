import { OUTSIDE_ADDRESSES } from '../protocol/hosts.ts';

/**
 * React Aria adds two style elements of constant text (usePress, and usePreventScroll on iOS). They are allowed by what they
 * say, so that no other inline style is: `headers.test.ts` compares the hashes with the library's text.
 */
export const LIBRARY_STYLES = [
  "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
  "'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='",
];

const CONTENT_SECURITY = [
  "default-src 'self'",
  // WASM is compiled from bytes, which counts as evaluating; JavaScript is not.
  "script-src 'self' 'wasm-unsafe-eval'",
  `style-src 'self' ${LIBRARY_STYLES.join(' ')}`,
  // The reader's own pictures, sound and films, and the small icons that the style sheets carry in them.
  "img-src 'self' blob: data:",
  "media-src 'self' blob: data:",
  ['connect-src', "'self'", ...OUTSIDE_ADDRESSES].join(' '),
  "worker-src 'self'",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  // Other apps share with this one by a form.
  "form-action 'self'",
  // Whoever gives a script, a worker or markup to the browser as text passes the one policy in allowOwnScripts.ts.
  "require-trusted-types-for 'script'",
  'trusted-types default',
];

/** For a page whose host sends no headers, in its own head: all that a browser heeds there. */
export const META_CONTENT_SECURITY_POLICY = CONTENT_SECURITY.join('; ');

const OWN = [
  'autoplay',
  'camera',
  'clipboard-read',
  'clipboard-write',
  'cross-origin-isolated',
  'display-capture',
  'fullscreen',
  'microphone',
  'picture-in-picture',
  'screen-wake-lock',
];

/** Every other power that Chromium knows by name, but the client hints, which tell a server nothing that it did not ask for. */
const NOBODYS = [
  'accelerometer',
  'browsing-topics',
  'captured-surface-control',
  'compute-pressure',
  'digital-credentials-get',
  'encrypted-media',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'keyboard-map',
  'local-fonts',
  'magnetometer',
  'midi',
  'otp-credentials',
  'payment',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'serial',
  'speaker-selection',
  'storage-access',
  'sync-xhr',
  'usb',
  'window-management',
  'xr-spatial-tracking',
];

/**
 * What goes with every response: from the servers of vite, from hosts that read `_headers`, and from the service worker
 * where the host cannot. A worker is bound by the headers of its own script, not by those of its page.
 */
export const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [...CONTENT_SECURITY, "frame-ancestors 'none'"].join('; '),
  'Permissions-Policy': [...OWN.map((name) => `${name}=(self)`), ...NOBODYS.map((name) => `${name}=()`)].join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // Threads in WASM need shared memory, which a browser gives only to a page that these isolate.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** The same response with the headers. One that cannot be read (status 0) comes back as it is. */
export function withHeaders(response: Response): Response {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(NULL_BODY.includes(status) ? null : response.body, { status, statusText, headers });
}

/** These may have no body, not even an empty one. */
const NULL_BODY = [204, 205, 304];
