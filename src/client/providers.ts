import { EngineError, type ErrorCode } from '../protocol/errors.ts';
import { gpuAdapter, type GpuAdapter } from '../protocol/gpuAdapter.ts';
import type { ModelInfo, Provider, ProviderTest } from '../protocol/types.ts';

/** What is remembered of a model; it counts for these weights in this version of this browser alone. */
interface Kept extends ProviderTest {
  sha256: string;
  browser: string;
}

const KEY = 'glossa-providers';

/** After these the graphics device, its memory or its numbers are to blame, or may be. */
const LOST_CODES: readonly ErrorCode[] = [
  'device-lost',
  'out-of-memory',
  'worker-crashed',
  'model-corrupt',
  'internal',
];

/** Where each model runs on this device when nobody chose: on WASM, unless WebGPU was found right and faster for it here. */
export class Providers {
  readonly #readAdapter: () => Promise<GpuAdapter | null>;
  #adapter: Promise<GpuAdapter | null> | undefined;
  /** Models that WebGPU failed in this visit. A driver that was reset may be well again in the next one. */
  readonly #lost = new Map<string, string>();

  constructor(readAdapter = gpuAdapter) {
    this.#readAdapter = readAdapter;
  }

  adapter(): Promise<GpuAdapter | null> {
    return (this.#adapter ??= this.#readAdapter());
  }

  async of(model: ModelInfo): Promise<Provider> {
    const known = this.known(model);
    if (known?.verdict !== 'faster') return 'wasm';
    return (await this.adapter())?.name === known.adapter ? 'webgpu' : 'wasm';
  }

  /** Whether nothing is known of this model with this browser and this adapter. */
  async isUntested(model: ModelInfo): Promise<boolean> {
    const known = this.known(model);
    return known === null || known.adapter !== ((await this.adapter())?.name ?? '');
  }

  /** How a model did, in this visit or in an earlier one with the same browser. */
  known(model: ModelInfo): ProviderTest | null {
    const kept = readKept()[model.id];
    if (!kept || kept.sha256 !== model.sha256 || kept.browser !== navigator.userAgent) return null;
    const { sha256: _, browser: __, ...test } = kept;
    const reason = this.#lost.get(model.id);
    return reason === undefined ? test : { ...test, verdict: 'failed', reason };
  }

  keep(model: ModelInfo, test: ProviderTest): void {
    this.#lost.delete(model.id);
    if (model.sha256 === undefined) return;
    writeKept({ ...readKept(), [model.id]: { ...test, sha256: model.sha256, browser: navigator.userAgent } });
  }

  /** WebGPU failed at work: until the page is loaded again, the model runs on WASM. */
  lose(model: ModelInfo, { message }: EngineError): void {
    this.#lost.set(model.id, message);
  }
}

/** Whether WASM may do what WebGPU failed to do. */
export const isGpuLoss = (error: unknown): error is EngineError =>
  error instanceof EngineError && LOST_CODES.includes(error.code);

/** Why a model runs where it does, as one sentence. */
export function whyProvider(test: ProviderTest | null): string {
  switch (test?.verdict) {
    case 'faster':
      return 'WebGPU was tested with this model on this device: it is right, and clearly faster than WASM.';
    case 'slower':
      return 'WASM is used: WebGPU was tested with this model on this device and is not clearly faster.';
    case 'wrong':
      return 'WASM is used: WebGPU was tested with this model on this device and gave wrong numbers.';
    case 'failed':
      return `WASM is used: WebGPU failed with this model on this device. (${test.reason ?? 'No reason was given.'})`;
    case 'software':
      return 'WASM is used: this browser computes WebGPU with the processor, which is slower.';
    case 'none':
    case undefined:
      return 'WASM is used: WebGPU was not tested with this model on this device.';
  }
}

function readKept(): Partial<Record<string, Kept>> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(Object.entries(kept).filter(([, value]) => isKept(value)));
  } catch {
    return {};
  }
}

function writeKept(kept: Partial<Record<string, Kept>>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Without storage it is tested in every visit.
  }
}

/** As far as another release may have written it otherwise. */
function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false;
  const kept: Partial<Record<keyof Kept, unknown>> = value;
  return [kept.verdict, kept.adapter, kept.sha256, kept.browser].every((text) => typeof text === 'string');
}
