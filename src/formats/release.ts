/**
 * Gives an array's memory back at once: what is large may lie there for long until it is collected, above all while nothing else runs.
 * It is empty afterwards, and so is every view of the same buffer.
 */
export function release({ buffer }: ArrayBufferView): void {
  // Browsers of before 2024 know no way to do so.
  if (buffer instanceof ArrayBuffer && 'transfer' in buffer) buffer.transfer(0);
}
