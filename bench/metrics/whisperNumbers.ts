/**
 * Spelled-out English numbers as digits, as the normaliser of openai/whisper (MIT) writes them: "two point five million" is
 * 2500000, "nineteen fifties" 1950s, "double oh seven" 007, "two dollars and seventy cents" $2.70.
 */
export function standardiseNumbers(text: string): string {
  const words = prepare(text)
    .split(/\s+/u)
    .filter((word) => word !== '');
  return finish(new NumberReader().read(words).join(' '));
}

const ONES_NAMES =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const TENS_NAMES = 'twenty thirty forty fifty sixty seventy eighty ninety';
const MULTIPLIER_NAMES =
  'thousand million billion trillion quadrillion quintillion sextillion septillion octillion nonillion decillion';

type Suffixed = [value: bigint, suffix: string];

const zeros = new Set(['o', 'oh', 'zero']);
const ones = new Map(ONES_NAMES.split(' ').map((name, i) => [name, BigInt(i + 1)]));
const tens = new Map(TENS_NAMES.split(' ').map((name, i) => [name, BigInt(10 * (i + 2))]));
const multipliers = new Map<string, bigint>([
  ['hundred', 100n],
  ...MULTIPLIER_NAMES.split(' ').map((name, i): [string, bigint] => [name, 1000n ** BigInt(i + 1)]),
]);

const IRREGULAR_ORDINALS = new Map<bigint, string>([
  [1n, 'first'],
  [2n, 'second'],
  [3n, 'third'],
  [5n, 'fifth'],
  [12n, 'twelfth'],
]);
const onesSuffixed = new Map<string, Suffixed>([
  ['zeroth', [0n, 'th']],
  ...Array.from(ones, ([name, value]): [string, Suffixed] => [name === 'six' ? 'sixes' : `${name}s`, [value, 's']]),
  ...Array.from(ones, ([name, value]): [string, Suffixed] => {
    const irregular = IRREGULAR_ORDINALS.get(value);
    const suffix = value === 1n ? 'st' : value === 2n ? 'nd' : value === 3n ? 'rd' : 'th';
    return [irregular ?? name + (name.endsWith('t') ? 'h' : 'th'), [value, suffix]];
  }),
]);
const tensSuffixed = new Map<string, Suffixed>(
  Array.from(tens).flatMap(([name, value]): [string, Suffixed][] => [
    [name.replace('y', 'ies'), [value, 's']],
    [name.replace('y', 'ieth'), [value, 'th']],
  ]),
);
const multipliersSuffixed = new Map<string, Suffixed>(
  Array.from(multipliers).flatMap(([name, value]): [string, Suffixed][] => [
    [`${name}s`, [value, 's']],
    [`${name}th`, [value, 'th']],
  ]),
);

const signs = new Map([
  ['minus', '-'],
  ['negative', '-'],
  ['plus', '+'],
  ['positive', '+'],
]);
const currencies = new Map([
  ['pound', '£'],
  ['pounds', '£'],
  ['euro', '€'],
  ['euros', '€'],
  ['dollar', '$'],
  ['dollars', '$'],
  ['cent', '¢'],
  ['cents', '¢'],
]);
const prefixes = new Set([...signs.values(), ...currencies.values()]);
const numberWords = new Set([
  ...[zeros, ones, onesSuffixed, tens, tensSuffixed, multipliers, multipliersSuffixed, signs, currencies].flatMap(
    (group) => [...group.keys()],
  ),
  ...['per', 'percent', 'and', 'double', 'triple', 'point'],
]);

const DIGITS = /^\d+(\.\d+)?$/;

function isDecimal(word: string): boolean {
  return ones.has(word) || tens.has(word) || zeros.has(word);
}

/** A decimal number as numerator and power of ten; undefined where it is none ("1.2.3"). */
function toFraction(text: string): { numerator: bigint; denominator: bigint } | undefined {
  const match = /^(\d*)(?:\.(\d*))?$/.exec(text);
  const [whole, decimals] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (whole + decimals === '') return undefined;
  return { numerator: BigInt(whole + decimals), denominator: 10n ** BigInt(decimals.length) };
}

/** The number times the factor, where that is whole. */
function wholeProduct(text: string, factor: bigint): bigint | undefined {
  const fraction = toFraction(text);
  if (!fraction) return undefined;
  const product = fraction.numerator * factor;
  return product % fraction.denominator === 0n ? product / fraction.denominator : undefined;
}

/** Reads words from left to right; holds the number that has been read so far. */
class NumberReader {
  readonly #output: string[] = [];
  #prefix = '';
  /** A bigint can still be added to; a string is a row of digits that only grows. */
  #value: bigint | string | null = null;

  read(words: readonly string[]): string[] {
    for (let i = 0; i < words.length; i++) {
      if (this.#take(words[i]!, words[i - 1], words[i + 1])) i++;
    }
    this.#giveValue();
    return this.#output;
  }

  /** Takes a word; true where the next was taken with it. */
  #take(word: string, before: string | undefined, next: string | undefined): boolean {
    const numberFollows = next !== undefined && (numberWords.has(next) || DIGITS.test(next));
    const hasPrefix = prefixes.has(word.charAt(0));
    const bare = hasPrefix ? word.slice(1) : word;
    if (DIGITS.test(bare)) this.#takeDigits(word, bare, hasPrefix);
    else if (!numberWords.has(word)) this.#giveWord(word);
    else if (zeros.has(word)) this.#value = `${this.#digits()}0`;
    else if (ones.has(word)) this.#value = this.#withOnes(ones.get(word)!, before);
    else if (onesSuffixed.has(word)) {
      const [value, suffix] = onesSuffixed.get(word)!;
      this.#give(`${this.#withOnes(value, before)}${suffix}`);
    } else if (tens.has(word)) this.#value = this.#withTens(tens.get(word)!);
    else if (tensSuffixed.has(word)) {
      const [value, suffix] = tensSuffixed.get(word)!;
      this.#give(`${this.#withTens(value)}${suffix}`);
    } else if (multipliers.has(word)) this.#multiply(multipliers.get(word)!);
    else if (multipliersSuffixed.has(word)) this.#multiplySuffixed(...multipliersSuffixed.get(word)!);
    else if (signs.has(word)) {
      this.#giveValue();
      if (numberFollows) this.#prefix = signs.get(word)!;
      else this.#give(word);
    } else if (currencies.has(word)) {
      if (this.#value !== null) this.#prefix = currencies.get(word)!;
      this.#give(this.#value === null ? word : String(this.#value));
    } else if (word === 'percent' || (word === 'per' && next === 'cent')) {
      this.#give(this.#value === null ? word : `${this.#value}%`);
      // "per" alone was given where there is no number, and "cent" is then a word of its own.
      return word === 'per' && this.#output.at(-1) !== 'per';
    } else if (word === 'per' || !numberFollows) this.#giveWord(word);
    else return this.#takeSpecial(word, before, next);
    return false;
  }

  /** "and", "double", "triple" or "point" before a number. */
  #takeSpecial(word: string, before: string | undefined, next: string): boolean {
    if (word === 'and') {
      if (before === undefined || !multipliers.has(before)) this.#giveWord(word);
      return false;
    }
    if (word === 'point') {
      if (isDecimal(next) || DIGITS.test(next)) this.#value = `${this.#digits()}.`;
      return false;
    }
    if (!ones.has(next) && !zeros.has(next)) {
      this.#giveWord(word);
      return false;
    }
    this.#value = this.#digits() + String(ones.get(next) ?? 0).repeat(word === 'double' ? 2 : 3);
    return true;
  }

  #takeDigits(word: string, bare: string, hasPrefix: boolean): void {
    if (typeof this.#value === 'string' && this.#value.endsWith('.')) {
      this.#value += word;
      return;
    }
    this.#giveValue();
    if (hasPrefix) this.#prefix = word.charAt(0);
    this.#value = wholeProduct(bare, 1n) ?? bare;
  }

  #withOnes(value: bigint, before: string | undefined): bigint | string {
    const held = this.#value;
    if (held === null) return value;
    if (typeof held === 'string' || (before !== undefined && ones.has(before))) {
      // "five twenty four": the zero of twenty gives way.
      const kept = before !== undefined && tens.has(before) && value < 10n ? String(held).slice(0, -1) : String(held);
      return kept + String(value);
    }
    return held % (value < 10n ? 10n : 100n) === 0n ? held + value : `${held}${value}`;
  }

  #withTens(value: bigint): bigint | string {
    const held = this.#value;
    if (held === null) return value;
    return typeof held === 'bigint' && held % 100n === 0n ? held + value : `${held}${value}`;
  }

  #multiply(multiplier: bigint): void {
    const held = this.#value;
    if (held === null) this.#value = multiplier;
    else if (typeof held === 'bigint') this.#value = timesLast(held, multiplier);
    else {
      const product = wholeProduct(held, multiplier);
      if (product === undefined) this.#giveValue();
      this.#value = product ?? multiplier;
    }
  }

  #multiplySuffixed(multiplier: bigint, suffix: string): void {
    const held = this.#value;
    if (held === null) this.#give(`${multiplier}${suffix}`);
    else if (typeof held === 'bigint') this.#give(`${timesLast(held, multiplier)}${suffix}`);
    else {
      const product = wholeProduct(held, multiplier);
      if (product === undefined) this.#giveValue();
      this.#give(`${product ?? multiplier}${suffix}`);
    }
  }

  /** What digits can be put behind. */
  #digits(): string {
    return this.#value === null || this.#value === 0n ? '' : String(this.#value);
  }

  #giveValue(): void {
    if (this.#value !== null) this.#give(String(this.#value));
  }

  #giveWord(word: string): void {
    this.#giveValue();
    this.#give(word);
  }

  #give(result: string): void {
    this.#output.push(this.#prefix + result);
    this.#value = null;
    this.#prefix = '';
  }
}

/** "three thousand two hundred": the last three digits are what a multiplier is for. */
function timesLast(value: bigint, multiplier: bigint): bigint {
  const last = value % 1000n;
  return value - last + last * multiplier;
}

function prepare(text: string): string {
  const segments = text.split(/(?<![\p{L}\p{N}_])and\s+a\s+half(?![\p{L}\p{N}_])/u);
  const joined = segments
    .flatMap((segment, i) => {
      if (segment.trim() === '') return [];
      if (i === segments.length - 1) return [segment];
      const last = segment.trim().split(/\s+/u).at(-1)!;
      return [segment, isDecimal(last) || multipliers.has(last) ? 'point five' : 'and a half'];
    })
    .join(' ');
  return joined
    .replace(/([a-z])([0-9])/g, '$1 $2')
    .replace(/([0-9])([a-z])/g, '$1 $2')
    .replace(/([0-9])\s+(st|nd|rd|th|s)(?![\p{L}\p{N}_])/gu, '$1$2');
}

function finish(text: string): string {
  return text
    .replace(
      /([€£$])([0-9]+) (?:and )?¢([0-9]{1,2})(?![\p{L}\p{N}_])/gu,
      (_, currency: string, whole: string, cents: string) => {
        return `${currency}${whole}.${cents.padStart(2, '0')}`;
      },
    )
    .replace(/[€£$]0.([0-9]{1,2})(?![\p{L}\p{N}_])/gu, (_, cents: string) => `¢${Number(cents)}`)
    .replace(/(?<![\p{L}\p{N}_])1(s?)(?![\p{L}\p{N}_])/gu, 'one$1');
}
