import { type DragEvent, type ReactNode, useState } from 'react';

interface Props {
  className: string;
  /** What dropping does. */
  label: string;
  /** `transfer` knows the folders among them, but only until something is waited for. */
  onFiles: (files: File[], transfer: DataTransfer) => Promise<void>;
  children: ReactNode;
}

/** Takes files dropped anywhere on the screen. Dragged text is left to the field under it. */
export function DropZone({ className, label, onFiles, children }: Props) {
  const [over, setOver] = useState(false);
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
        void onFiles([...event.dataTransfer.files], event.dataTransfer);
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
