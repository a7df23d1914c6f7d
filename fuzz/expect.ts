/** Throws where a property of a reader does not hold. */
export function expect(holds: boolean, property: string): void {
  if (!holds) throw new Error(`does not hold: ${property}`);
}
