/** `E2E_PORT` moves all of them, so that two checkouts can test at the same time. */
const first = Number(process.env['E2E_PORT'] ?? 4174);

/** Where the browser tests find their servers. */
export const PORTS = {
  /** The built app. */
  app: first,
  /** A server that a test starts and ends itself. */
  own: first + 1,
};
