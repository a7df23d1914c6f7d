import { describe, expect, it } from 'vitest';
import { EngineError } from '../../protocol/errors.ts';
import { parseBytePair } from './bytePair.ts';

const parse = (...lines: string[]) => parseBytePair(new TextEncoder().encode(`${lines.join('\n')}\n`));

describe('parseBytePair', () => {
  it('puts tokens together; a space and a line break are written as other characters', () => {
    expect(parse('Hello', 'Ġworld', 'Ċ', '!').decode([0, 1, 3, 2])).toBe('Hello world!\n');
  });

  it('puts together a character whose bytes lie in several tokens, and marks one that is not whole', () => {
    // 😀 is f0 9f 98 80; é is c3 a9.
    const pair = parse('ðŁ', 'ĺ', 'Ģ', 'Ã©');
    expect(pair.decode([0, 1, 2, 3])).toBe('😀é');
    expect(pair.decode([0, 1])).toBe('\u{fffd}');
    expect(pair.decode([3, 0])).toBe('é\u{fffd}');
  });

  it('says nothing for special tokens and for ids that it does not know', () => {
    expect(parse('a', '<|endoftext|>', '<|0.00|>', '<|').decode([0, 1, 2, 7, 3])).toBe('a<|');
  });

  it('knows every byte', () => {
    const table = Array.from({ length: 256 }, (_, byte) => byte);
    const printable = (byte: number): boolean => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    const rest = table.filter((byte) => !printable(byte));
    const line = table.map((byte) => String.fromCharCode(printable(byte) ? byte : 256 + rest.indexOf(byte)));
    const ascii = parse(...line).decode(table.slice(0, 128));
    expect(ascii).toBe(String.fromCharCode(...table.slice(0, 128)));
  });

  it('refuses a character that stands for no byte', () => {
    expect(() => parse('a', '中')).toThrow(EngineError);
  });
});
