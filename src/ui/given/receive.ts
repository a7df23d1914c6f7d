import type { TFunction } from 'i18next';
import { SHARED_CACHE } from '../../protocol/shared.ts';
import { DOORS } from '../shell/doors.ts';
import type { DoorId } from '../shell/screen.ts';
import { doorFor } from './doorFor.ts';
import type { Inbox } from './inbox.ts';
import { readForm } from './readForm.ts';

/** Who receives what comes from outside: the doors, and the reader who is told. */
export interface Receiver {
  inbox: Inbox;
  /** Has the screens of these doors there, and shows the first. */
  show: (doors: DoorId[]) => void;
  notify: (text: string) => void;
  t: TFunction;
}

/** Opens every file in the door that takes it, and says which no door takes. Resolves when they are open. */
async function openFiles(files: File[], { inbox, show, notify, t }: Receiver): Promise<void> {
  const filesFor = (door: DoorId | null): File[] => files.filter((file) => doorFor(file) === door);
  const refused = filesFor(null);
  const chosen = DOORS.filter(({ id }) => filesFor(id).length > 0);
  if (chosen.length > 0) show(chosen.map(({ id }) => id));
  const opening = chosen.map(({ id }) => inbox.give(id, filesFor(id)));
  const said = [];
  if (chosen.length > 1)
    said.push(
      t('given.elsewhere', {
        doors: chosen
          .slice(1)
          .map(({ label }) => t(label))
          .join(', '),
      }),
    );
  if (refused.length > 0) {
    said.push(t('given.refused', { count: refused.length, names: refused.map(({ name }) => name).join(', ') }));
  }
  if (said.length > 0) notify(said.join(' '));
  await Promise.all(opening);
}

/** Opens what a file manager hands over. */
export async function openLaunch(files: readonly FileSystemFileHandle[], receiver: Receiver): Promise<void> {
  const { notify, t } = receiver;
  const read = await Promise.allSettled(files.map((handle) => handle.getFile()));
  const opened = read.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  const gone = files.filter((_, i) => read[i]?.status === 'rejected').map(({ name }) => name);
  if (gone.length > 0) notify(t('given.gone', { count: gone.length, names: gone.join(', ') }));
  if (opened.length > 0) await openFiles(opened, receiver);
}

/**
 * Opens what other apps shared since a page looked last. An entry is deleted when it is open, not before, so that a crash
 * loses nothing; of several tabs, one takes it.
 */
export async function openShared(receiver: Receiver): Promise<void> {
  await navigator.locks.request(SHARED_CACHE, async () => {
    const cache = await caches.open(SHARED_CACHE);
    for (const key of await cache.keys()) {
      try {
        const form = await (await cache.match(key))?.formData();
        if (form) await openFiles(readForm(form), receiver);
      } catch {
        receiver.notify(receiver.t('given.unreadable'));
      }
      await cache.delete(key);
    }
  });
}
