/** Writes files as CTranslate2's converters do, for tests. */

export interface WrittenVariable {
  name: string;
  shape: readonly number[];
  /** The format's number of the type: 0 float32, 1 int8, 2 int16, 3 int32, 4 float16, 5 bfloat16. */
  type: number;
  bytes: Uint8Array;
}

export function float32Variable(name: string, shape: readonly number[], values: readonly number[]): WrittenVariable {
  return { name, shape, type: 0, bytes: new Uint8Array(Float32Array.from(values).buffer) };
}

export function int8Variable(name: string, value: number): WrittenVariable {
  return { name, shape: [], type: 1, bytes: Uint8Array.of(value) };
}

export interface WrittenFile {
  version?: number;
  specification?: string;
  variables: readonly WrittenVariable[];
  aliases?: readonly (readonly [alias: string, name: string])[];
}

export function writeCTranslate2({
  version = 6,
  specification = 'WhisperSpec',
  variables,
  aliases = [],
}: WrittenFile): Uint8Array {
  const bytes: number[] = [];
  const u16 = (value: number): unknown => bytes.push(value & 255, value >> 8);
  const u32 = (value: number): unknown => bytes.push(...new Uint8Array(Uint32Array.of(value).buffer));
  const text = (value: string): void => {
    const encoded = new TextEncoder().encode(`${value}\0`);
    u16(encoded.length);
    bytes.push(...encoded);
  };
  u32(version);
  text(specification);
  u32(3);
  u32(variables.length);
  for (const variable of variables) {
    text(variable.name);
    bytes.push(variable.shape.length);
    variable.shape.forEach(u32);
    bytes.push(variable.type);
    u32(variable.bytes.length);
    for (const byte of variable.bytes) bytes.push(byte);
  }
  u32(aliases.length);
  aliases.flat().forEach(text);
  return Uint8Array.from(bytes);
}
