import { describe, expect, it } from 'vitest';
import { part, noise } from './fixtures/fakeWeb.ts';
import { unpackPart } from './unpack.ts';

describe('unpackPart', () => {
  it('unpacks what compresses as well as anything can', async () => {
    const zeros = new Uint8Array(4_000_000);
    const { part: entry, packed } = await part('zeros', zeros);
    const unpacked = await unpackPart(entry, packed);
    expect([unpacked.length, unpacked.some((byte) => byte !== 0)]).toEqual([zeros.length, false]);
  });

  it('makes no room for more than the packed bytes can hold, whatever the manifest promises', async () => {
    const { part: entry, packed } = await part('small', noise(100));
    await expect(unpackPart({ ...entry, unpackedBytes: 2 ** 32 }, packed)).rejects.toMatchObject({
      code: 'model-corrupt',
      message: expect.stringContaining('cannot unpack to 4294967296 bytes') as string,
    });
  });
});
