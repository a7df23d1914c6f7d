/**
 * Attention over a grid as a smooth map: a uniform cubic B-spline through the cells, which never rings as sharper kernels do
 * and never falls below zero.
 * @param attention [rows * columns], sums to 1
 * @returns [height * width] in 0..1, 1 where it looked most. Evenly spread attention is 1 everywhere: it looked at all of it.
 */
export function heatMap(
  attention: Float32Array,
  [rows, columns]: [rows: number, columns: number],
  width: number,
  height: number,
): Float32Array {
  const across = weights(columns, width);
  const down = weights(rows, height);
  const wide = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [column, weight] of across[x]!) sum += weight * attention[row * columns + column]!;
      wide[row * width + x] = sum;
    }
  }
  const heat = new Float32Array(width * height);
  let most = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [row, weight] of down[y]!) sum += weight * wide[row * width + x]!;
      heat[y * width + x] = sum;
      most = Math.max(most, sum);
    }
  }
  // What gets less than half its even share was not looked at.
  const least = Math.min(0.5 / (rows * columns), most / 2);
  return heat.map((value) => (most === 0 ? 1 : Math.max(0, (value - least) / (most - least))));
}

/** For each of `length` points over `cells` cells: the cells that count, with their weights, which sum to 1. */
function weights(cells: number, length: number): [cell: number, weight: number][][] {
  return Array.from({ length }, (_, i) => {
    const at = ((i + 0.5) / length) * cells - 0.5;
    const first = Math.floor(at);
    const t = at - first;
    const cubic = [(1 - t) ** 3, 3 * t ** 3 - 6 * t ** 2 + 4, -3 * t ** 3 + 3 * t ** 2 + 3 * t + 1, t ** 3];
    return cubic.map((weight, k) => [Math.min(cells - 1, Math.max(0, first - 1 + k)), weight / 6]);
  });
}
