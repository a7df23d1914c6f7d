/** A command-line number: a whole one from `min` up. Throws a RangeError that names the flag. */
export function wholeNumber(flag: string, value: string, min: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < min) throw new RangeError(`--${flag} is a whole number, at least ${min}.`);
  return number;
}

/** The value of a flag that must be given. Throws a RangeError that names it. */
export function required(flag: string, value: string | undefined): string {
  if (value === undefined) throw new RangeError(`--${flag} is needed.`);
  return value;
}
