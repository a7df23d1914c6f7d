import { type CSSProperties, useEffect, useRef } from 'react';
import type { Caption } from '../../protocol/types.ts';
import { BlobImage } from './BlobImage.tsx';
import { heatMap } from './heat.ts';

interface Props {
  picture: Blob | null;
  alt: string;
  size: { width: number; height: number };
  /** Where the model looked; null: nothing is asked. */
  attention: Float32Array | null;
  grid: Caption['grid'];
}

/** The map is computed this wide and stretched by the browser. Pixels. */
const MAP_WIDTH = 128;
const MAP_HEIGHTS = [16, 512] as const;
/** How dark it gets where the model did not look, of 255. */
const DARKEST = 175;

/** A picture in its own shape. While a word is pointed at, what the model did not look at for it lies in the dark. */
export function PictureStage({ picture, alt, size: { width, height }, attention, grid }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [rows, columns] = grid;
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !attention) return;
    const [least, most] = MAP_HEIGHTS;
    element.width = MAP_WIDTH;
    element.height = Math.min(most, Math.max(least, Math.round((MAP_WIDTH * height) / width)));
    const heat = heatMap(attention, [rows, columns], element.width, element.height);
    const image = context.createImageData(element.width, element.height);
    heat.forEach((value, i) => (image.data[i * 4 + 3] = (1 - value) * DARKEST));
    context.putImageData(image, 0, 0);
  }, [attention, rows, columns, width, height]);
  const frame: CSSProperties & Record<`--${string}`, string> = {
    '--ratio': `${width / height}`,
    '--natural': `${width}px`,
  };
  return (
    <div className="stage">
      <div className="stage-frame" style={frame}>
        {picture && <BlobImage blob={picture} alt={alt} />}
        <canvas ref={canvas} className="heat" data-on={attention !== null} aria-hidden="true" data-testid="heat" />
      </div>
    </div>
  );
}
