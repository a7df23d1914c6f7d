/** Where the system posts what another app shares, relative to the app’s folder. */
export const SHARE_ACTION = 'share';

/** The cache in which the service worker keeps what was shared, as it was posted, until a page has opened it. */
export const SHARED_CACHE = 'glossa-shared';

/** The fragment of the page when something shared could not be kept. */
export const SHARE_FAILED = '#share-failed';
