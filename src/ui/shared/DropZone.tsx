import { type DragEvent, type ReactNode, useState } from 'react';
import { useDesk } from '../DeskContext.tsx';
import { type ChosenFile, droppedFiles, isModelFile } from './chosenFiles.ts';

interface Props {
  className: string;
  /** What dropping does. */
  label: string;
  /** Those in dropped folders are among them. */
  onFiles: (files: ChosenFile[]) => Promise<void> | void;
  children: ReactNode;
}

/**
 * Takes files dropped anywhere on the screen, but models, which go where models are, whatever screen is shown. Dragged text is
 * left to the field under it.
 */
export function DropZone({ className, label, onFiles, children }: Props) {
  const { bringModel } = useDesk();
  const [over, setOver] = useState(false);
  const take = async (transfer: DataTransfer): Promise<void> => {
    const files = await droppedFiles(transfer);
    if (files.some(isModelFile)) bringModel(files);
    else await onFiles(files);
  };
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  return (
    <div
      className={className}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer);
      }}
    >
      {children}
      {over && (
        <div className="drop-veil" aria-hidden="true">
          <p>{label}</p>
        </div>
      )}
    </div>
  );
}
