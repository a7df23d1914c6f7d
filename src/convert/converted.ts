import type { Manifest } from '../protocol/manifest.ts';
import type { Provider } from '../protocol/types.ts';

/** A file of a converted model, before packing. */
export interface ConvertedPart {
  role: string;
  file: string;
  bytes: Uint8Array;
  provider?: Provider;
  lazy?: boolean;
}

/** A model in our form: its files, and what the engine must know of it. */
export interface ConvertedModel<A extends Manifest['architecture'] = Manifest['architecture']> {
  architecture: A;
  parts: ConvertedPart[];
}
