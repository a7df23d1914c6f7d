import { gzipSync, zipSync } from 'fflate';
import { packTar, type TarEntry } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { openFiles } from './openFiles.ts';

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
/** Longer than what a stream gives at once. */
const long = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 7);
const files = { 'enpt/model.bin': long, 'enpt/config.yml': utf8('a: 1'), '__MACOSX/x': utf8('clutter') };
const packed = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)]);
const zip = zipSync(files);

const tarOf = (entries: [name: string, body: Uint8Array][]): Promise<Uint8Array> =>
  packTar(entries.map(([name, body]): TarEntry => ({ header: { name, size: body.length, type: 'file' }, body })));
const tar = await tarOf(Object.entries(files));
const zeros = new Uint8Array(80 * 2 ** 20);
const rooted = await tarOf([['/etc/x', long]]);
const swelling = gzipSync(await tarOf([['x', zeros]]));

async function opened(path: string, bytes: Uint8Array): Promise<Record<string, Uint8Array>> {
  const entries = await openFiles([{ path, file: packed(bytes) }]);
  return Object.fromEntries(
    await Promise.all(entries.map(async (entry) => [entry.path, await entry.bytes()] as const)),
  );
}

/** The same bytes with others in their place. */
function changed(bytes: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

const refusal = (code: string, sentence: string): object => ({
  code,
  message: expect.stringContaining(sentence) as string,
});
/** Where the directory's entry of the first file begins. */
const entryAt = new DataView(zip.buffer).getUint32(zip.length - 6, true);

describe('openFiles', () => {
  it.each([
    ['a .zip', 'm.zip', zip],
    ['a .zip whose files are not packed', 'm.zip', zipSync(files, { level: 0 })],
    ['an .argosmodel', 'm.argosmodel', zip],
    ['a .tar', 'm.tar', tar],
    ['a .tar.gz', 'm.tar.gz', gzipSync(tar)],
    ['a .tgz', 'm.tgz', gzipSync(tar)],
  ])('opens %s', async (_, name, bytes) => {
    const { 'm/enpt/model.bin': model, 'm/enpt/config.yml': config, ...others } = await opened(name, bytes);
    expect(model).toEqual(long);
    expect(config).toEqual(utf8('a: 1'));
    expect(Object.keys(others).filter((path) => !path.includes('__MACOSX'))).toEqual([]);
  });

  it('reads no more of a file than is asked for', async () => {
    for (const [name, bytes] of [
      ['m.zip', zip],
      ['m.tar.gz', gzipSync(tar)],
    ] as const) {
      const [model] = await openFiles([{ path: name, file: packed(bytes) }]);
      expect(await model!.bytes(10)).toEqual(long.slice(0, 10));
      expect(model!.sizeBytes).toBe(long.length);
    }
  });

  it('unpacks files that were packed by themselves, in archives too', async () => {
    expect(await opened('model.bin.gz', gzipSync(long))).toEqual({ 'model.bin': long });
    const archive = zipSync({ 'model.bin.gz': gzipSync(long) });
    expect(await opened('enpt.zip', archive)).toEqual({ 'enpt/model.bin': long });
  });

  it('leaves files as they are that are no archives, or weights that look like one', async () => {
    const chosen = [
      { path: 'a/pytorch_model.bin', file: packed(zip) },
      { path: 'a/config.json', file: packed(utf8('{}')) },
    ];
    expect((await openFiles(chosen)).map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
      ['a/pytorch_model.bin', zip.length],
      ['a/config.json', 2],
    ]);
  });

  it.each([
    ['a .zip that ends too early', 'm.zip', zip.slice(0, -30), 'model-corrupt', 'its end is missing'],
    ['a .zip with a wrong byte', 'm.zip', changed(zip, 5000, 1, 2, 3, 4), 'model-corrupt', 'it cannot be unpacked'],
    [
      'a .zip with a wrong length',
      'm.zip',
      changed(zip, entryAt + 24, 9, 0, 0, 0),
      'model-corrupt',
      'model.bin is damaged',
    ],
    ['an encrypted .zip', 'm.zip', changed(zip, entryAt + 8, 1), 'unsupported-model', 'is encrypted'],
    ['a .zip packed otherwise', 'm.zip', changed(zip, entryAt + 10, 14), 'unsupported-model', 'cannot be read (14)'],
    [
      'a .zip of the large form',
      'm.zip',
      changed(zip, zip.length - 6, 255, 255, 255, 255),
      'unsupported-model',
      'zip64',
    ],
    ['a path out of a .zip', 'm.zip', zipSync({ '../x': long }), 'model-corrupt', 'outside its own folder (../x)'],
    ['a path from the root', 'm.tar', rooted, 'model-corrupt', 'outside its own folder (/etc/x)'],
    ['a .zip that swells', 'm.zip', zipSync({ x: zeros }), 'unsupported-model', 'far more than a model'],
    ['a .tar.gz that swells', 'm.tar.gz', swelling, 'unsupported-model', 'far more'],
    ['a .tar that ends too early', 'm.tar', tar.slice(0, 5000), 'model-corrupt', 'm.tar is damaged'],
    ['a .tar.gz that ends too early', 'm.tar.gz', gzipSync(tar).slice(0, -500), 'model-corrupt', 'is damaged'],
    ['a .gz that ends too early', 'm.bin.gz', gzipSync(long).slice(0, -500), 'model-corrupt', 'is damaged'],
    ['another archive', 'm.tar.zst', utf8('(µ/ý'), 'unsupported-model', 'cannot be read here'],
  ])('refuses %s', async (_, name, bytes, code, sentence) => {
    await expect(opened(name, bytes)).rejects.toMatchObject(refusal(code, sentence));
  });
});
