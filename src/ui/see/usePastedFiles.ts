import { useEffect, useRef } from 'react';
import { pickedFiles, type ChosenFile } from '../shared/chosenFiles.ts';

/** Takes pictures pasted anywhere on the screen. Pasted text is left to the field it is pasted into. */
export function usePastedFiles(onFiles: (files: ChosenFile[]) => void, isShown: boolean): void {
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  useEffect(() => {
    if (!isShown) return;
    const paste = (event: ClipboardEvent): void => {
      const files = event.clipboardData?.files ?? [];
      if (files.length === 0 || document.querySelector('[role=dialog]')) return;
      event.preventDefault();
      latest.current(pickedFiles(files));
    };
    addEventListener('paste', paste);
    return () => removeEventListener('paste', paste);
  }, [isShown]);
}
