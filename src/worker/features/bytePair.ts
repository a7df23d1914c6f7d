import { EngineError } from '../../protocol/errors.ts';

/** Turns ids back into text. */
export interface BytePair {
  /** Special tokens (<|endoftext|>, times) say nothing. Where a character's bytes are not all there, U+FFFD stands. */
  decode(ids: Iterable<number>): string;
}

const SPECIAL = /^<\|.*\|>$/;

/**
 * A byte-level vocabulary as GPT-2 and Whisper have it: a token a line, each byte of it written as one printable character.
 * @throws EngineError model-corrupt
 */
export function parseBytePair(file: Uint8Array): BytePair {
  const lines = new TextDecoder().decode(file).replace(/\n$/, '').split('\n');
  const bytes = printableBytes();
  const tokens = lines.map((line, id) => {
    if (SPECIAL.test(line)) return new Uint8Array();
    return Uint8Array.from(line, (character) => {
      const byte = bytes.get(character);
      if (byte === undefined) {
        const message = `The vocabulary is damaged: token ${id} has the character "${character}". Fetch the file again.`;
        throw new EngineError('model-corrupt', message);
      }
      return byte;
    });
  });
  return {
    decode(ids) {
      const parts = Array.from(ids, (id) => tokens[id] ?? new Uint8Array());
      const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.length;
      }
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole);
    },
  };
}

/** GPT-2's table: printable characters of Latin-1 stand for their own byte, those from U+0100 on for the others in turn. */
export function printableBytes(): Map<string, number> {
  const isPrintable = (byte: number): boolean =>
    (byte > 32 && byte < 127) || (byte > 160 && byte < 256 && byte !== 173);
  const bytes = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte++) bytes.set(String.fromCharCode(isPrintable(byte) ? byte : next++), byte);
  return bytes;
}
