import type { DoorId } from '../shell/screen.ts';

type Open = (files: File[]) => Promise<void> | void;

interface Waiting {
  files: File[];
  opened: () => void;
}

/** Files that come from outside the page, until the screen behind their door is there to open them. */
export class Inbox {
  readonly #screens = new Map<DoorId, Open>();
  readonly #waiting = new Map<DoorId, Waiting[]>();

  /** Hands files to a door. Resolves when its screen has opened them. */
  give(door: DoorId, files: File[]): Promise<void> {
    return new Promise((opened) => {
      this.#waiting.set(door, [...(this.#waiting.get(door) ?? []), { files, opened }]);
      void this.#hand(door);
    });
  }

  /** Opens whatever is given to a door, now and later, until the function that it gives is called. */
  attend(door: DoorId, open: Open): () => void {
    this.#screens.set(door, open);
    void this.#hand(door);
    return () => {
      if (this.#screens.get(door) === open) this.#screens.delete(door);
    };
  }

  async #hand(door: DoorId): Promise<void> {
    const open = this.#screens.get(door);
    if (!open) return;
    const given = this.#waiting.get(door) ?? [];
    this.#waiting.delete(door);
    for (const { files, opened } of given) {
      await open(files);
      opened();
    }
  }
}
