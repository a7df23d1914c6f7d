/**
 * The hosts besides its own that the page may ever speak to, as origins (`https://models.example`): each is named in the
 * content security policy, and the service worker refuses it all the same until the reader has switched it on. There is none.
 */
export const OUTSIDE_HOSTS: readonly string[] = [];
