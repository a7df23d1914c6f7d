/** What this browser computes WebGPU with. */
export interface GpuAdapter {
  /** As the browser tells it: vendor, architecture, device, description. */
  name: string;
  /** Whether the processor plays the part of a graphics card: right, and hundreds of times too slow. */
  software: boolean;
}

/** Software adapters by their names, for browsers that do not say `isFallbackAdapter`. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i;

/** The one reading of the browser's adapter; null where there is none. */
export async function gpuAdapter(): Promise<GpuAdapter | null> {
  if (!('gpu' in navigator)) return null;
  try {
    const adapter = await navigator.gpu.requestAdapter();
    if (!adapter) return null;
    // Browsers came to tell these things one after another.
    const info: Partial<GPUAdapterInfo> = 'info' in adapter ? adapter.info : {};
    const name = [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(' ');
    return { name, software: info.isFallbackAdapter === true || SOFTWARE.test(name) };
  } catch {
    return null;
  }
}
