/** What a page has asked of its graphics devices. */
export interface GpuCounts {
  /** Buffers that were made and not destroyed. */
  alive: number;
  /** How often, and how many bytes, came back from a device. */
  downloads: number;
  downloadedBytes: number;
}

declare global {
  var gpuCounts: GpuCounts;
}

/** To be run in the page, or the worker, before anything is asked of a device. */
export function countBuffers(): void {
  const counts: GpuCounts = { alive: 0, downloads: 0, downloadedBytes: 0 };
  globalThis.gpuCounts = counts;
  /** `GPUMapMode.READ` */
  const READ = 1;
  const living = new WeakSet<GPUBuffer>();
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (...given) {
    const buffer = createBuffer.apply(this, given);
    living.add(buffer);
    counts.alive++;
    return buffer;
  };
  const { destroy, mapAsync } = GPUBuffer.prototype;
  GPUBuffer.prototype.destroy = function () {
    if (living.delete(this)) counts.alive--;
    destroy.apply(this);
  };
  GPUBuffer.prototype.mapAsync = function (...given) {
    const [mode, , size] = given;
    if ((mode & READ) !== 0) {
      counts.downloads++;
      counts.downloadedBytes += size ?? this.size;
    }
    return mapAsync.apply(this, given);
  };
}
