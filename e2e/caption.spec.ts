import { crc32, deflateSync } from 'node:zlib';
import { expect, openApp, test } from './fixtures.ts';
import { residentBytes } from './memory.ts';
import { givePictures } from './pictures.ts';

const MEGABYTE = 2 ** 20;

for (const model of ['caption', 'caption-lstm']) {
  test(`${model} says what it sees, and where it looked for every word`, async ({ page }) => {
    await openApp(page);
    await givePictures(page, 'chelsea.jpg');
    const { caption, progress } = await page.evaluate(async (model) => {
      const progress: { stage: string; done: number; total: number }[] = [];
      const caption = await glossa.caption(picture('chelsea.jpg'), {
        model,
        onProgress: ({ stage, done, total }) => progress.push({ stage, done, total }),
      });
      const words = caption.words.map((word) => ({ ...word, attention: [...word.attention] }));
      return { caption: { ...caption, words }, progress };
    }, model);
    expect(caption.text).toMatch(/^[a-z0-9' ]+$/);
    expect(caption.text).toMatch(/\b(cat|kitten)\b/);
    expect(caption.words.map(({ text }) => text).join(' ')).toBe(caption.text);
    expect(caption.grid).toEqual([8, 8]);
    for (const { probability, attention } of caption.words) {
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThanOrEqual(1);
      expect(attention).toHaveLength(64);
      expect(attention.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 3);
    }
    expect(caption.score).toBeLessThan(0);
    expect(caption.confidence).toBeGreaterThan(0);
    expect(caption.confidence).toBeLessThanOrEqual(1);
    expect(caption.tags[0]).toMatchObject({ text: 'cat' });
    expect(caption.tags[0]!.probability).toBeGreaterThan(0.5);
    expect(caption).toMatchObject({ width: 400, height: 266, alternatives: [], ran: { model, provider: 'wasm' } });
    expect(caption.ran.threads).toBeGreaterThan(1);
    const decode = progress.filter(({ stage }) => stage === 'decode');
    expect(decode.at(-1)).toMatchObject({ done: 1, total: 1 });
  });
}

test('alternatives are other captions, the likeliest first; partial text grows to the caption', async ({ page }) => {
  await openApp(page);
  await givePictures(page, 'astronaut.jpg');
  const { caption, partial } = await page.evaluate(async () => {
    const partial: string[] = [];
    const caption = await glossa.caption(picture('astronaut.jpg'), {
      alternatives: 4,
      onPartial: (text) => partial.push(text),
    });
    return { caption, partial };
  });
  expect(caption.alternatives).toHaveLength(4);
  expect(new Set([caption.text, ...caption.alternatives.map(({ text }) => text)]).size).toBe(5);
  const scores = caption.alternatives.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(partial.length).toBeGreaterThan(3);
  expect(partial.map((text) => text.split(' ').length)).toEqual(
    partial.map((text) => text.split(' ').length).toSorted((a, b) => a - b),
  );
});

test('Stop stops at once, and the next picture is not held up', async ({ page }) => {
  await openApp(page);
  await givePictures(page, 'coffee.jpg');
  const { error, stopMs, after } = await page.evaluate(async () => {
    await glossa.warmUpCaption();
    const controller = new AbortController();
    let stopped = 0;
    const call = glossa.caption(picture('coffee.jpg'), {
      signal: controller.signal,
      onPartial() {
        stopped ||= performance.now();
        controller.abort();
      },
    });
    const error = await failure(call);
    const stopMs = performance.now() - stopped;
    return { error, stopMs, after: (await glossa.caption(picture('coffee.jpg'))).text };
  });
  expect(error).toBe('AbortError aborted');
  expect(stopMs).toBeLessThan(100);
  expect(after).not.toBe('');
});

test('every format is read, and shown the right way up', async ({ page }) => {
  await openApp(page);
  const cats = ['cat-turned.jpg', 'cat-cmyk.jpg', 'cat.avif', 'cat.webp', 'cat.gif', 'cat-16bit.png'];
  await givePictures(page, ...cats);
  const seen = await page.evaluate(async (names) => {
    const seen: Record<string, { tag: string | undefined; size: string }> = {};
    for (const name of names) {
      const { tags, width, height } = await glossa.caption(picture(name));
      seen[name] = { tag: tags[0]?.text, size: `${width} x ${height}` };
    }
    return seen;
  }, cats);
  for (const name of cats) {
    expect(seen[name], name).toEqual({ tag: 'cat', size: name === 'cat-16bit.png' ? '120 x 80' : '240 x 160' });
  }
});

test('the same pixels give the same caption, however they come; what is given away is gone', async ({ page }) => {
  await openApp(page);
  await givePictures(page, 'rocket.jpg');
  const { file, bitmap, pixels, left } = await page.evaluate(async () => {
    const score = async (image: Blob | ImageBitmap | ImageData, transfer = false): Promise<number> =>
      (await glossa.caption(image, { transfer })).score;
    const bitmap = await createImageBitmap(picture('rocket.jpg'));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return {
      file: await score(picture('rocket.jpg')),
      bitmap: [await score(bitmap), await score(bitmap, true)],
      pixels: [await score(pixels), await score(pixels, true)],
      left: [bitmap.width, pixels.data.length],
    };
  });
  expect([...bitmap, ...pixels]).toEqual([file, file, file, file]);
  expect(left).toEqual([0, 0]);
});

test('transparency is on white', async ({ page }) => {
  await openApp(page);
  await givePictures(page, 'cup-transparent.png');
  const { transparent, white } = await page.evaluate(async () => {
    const bitmap = await createImageBitmap(picture('cup-transparent.png'));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d')!;
    context.fillStyle = 'white';
    context.fillRect(0, 0, bitmap.width, bitmap.height);
    context.drawImage(bitmap, 0, 0);
    const laid = await canvas.convertToBlob({ type: 'image/png' });
    return {
      transparent: await glossa.caption(picture('cup-transparent.png')),
      white: await glossa.caption(laid),
    };
  });
  expect(transparent.text).toBe(white.text);
  expect(transparent.score).toBe(white.score);
});

test('an SVG is drawn, whatever its type says, and nothing in it runs', async ({ page }) => {
  await openApp(page);
  await givePictures(page, 'drawing.svg');
  const sizes = await page.evaluate(async () => {
    const sizes: string[] = [];
    for (const type of ['image/svg+xml', '']) {
      const { width, height } = await glossa.caption(new Blob([picture('drawing.svg')], { type }));
      sizes.push(`${width} x ${height}`);
    }
    return sizes;
  });
  expect(sizes).toEqual(['512 x 341', '512 x 341']);
});

test('says what is wrong with what it cannot see, and goes on', async ({ page }) => {
  await openApp(page);
  await givePictures(page, 'chelsea.jpg');
  const { messages, codes, after } = await page.evaluate(async () => {
    const whole = picture('chelsea.jpg');
    const broken: Record<string, Blob> = {
      text: new Blob(['This is a letter, not a picture. '.repeat(50)]),
      empty: new Blob([]),
      cut: whole.slice(0, 200),
      heic: new Blob([Uint8Array.from('\0\0\0\x18ftypheic\0\0\0\0', (letter) => letter.charCodeAt(0))]),
      svg: new Blob(['<svg xmlns="http://www.w3.org/2000/svg"><rect'], { type: 'image/svg+xml' }),
    };
    const messages: Record<string, string> = {};
    const codes: string[] = [];
    for (const [name, file] of Object.entries(broken)) {
      await glossa.caption(file).catch((error: unknown) => {
        if (!(error instanceof Error) || !('code' in error)) throw error;
        messages[name] = error.message;
        codes.push(`${error.name} ${String(error.code)}`);
      });
    }
    return { messages, codes, after: (await glossa.caption(whole)).tags[0]?.text };
  });
  expect(codes).toEqual(new Array(5).fill('EngineError bad-input'));
  expect(messages).toEqual({
    text: expect.stringContaining('not a picture'),
    empty: expect.stringContaining('empty'),
    cut: expect.stringContaining('damaged'),
    heic: expect.stringContaining('HEIC'),
    svg: expect.stringContaining('damaged'),
  });
  expect(after).toBe('cat');
});

test('a picture of 100 megapixels is captioned, too', async ({ page, browser }) => {
  await openApp(page);
  const side = 10_000;
  await page.evaluate(() => glossa.warmUpCaption().then(() => undefined));
  const before = await residentBytes(browser);
  const { width, height } = await page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const { width, height } = await glossa.caption(new Blob([bytes]));
    return { width, height };
  }, greyPng(side).toString('base64'));
  expect([width, height]).toEqual([side, side]);
  // What was decoded is freed again.
  await expect.poll(async () => (await residentBytes(browser)) - before).toBeLessThan(64 * MEGABYTE);
});

test('100 pictures leave memory flat', async ({ page, browser }) => {
  // A second a picture on a machine that has much else to do.
  test.setTimeout(300_000);
  await openApp(page);
  const names = ['chelsea.jpg', 'astronaut.jpg', 'coffee.jpg', 'rocket.jpg'];
  await givePictures(page, ...names);
  const run = (times: number): Promise<void> =>
    page.evaluate(
      async ([names, times]) => {
        for (let i = 0; i < times; i++) await glossa.caption(picture(names[i % names.length]!));
      },
      [names, times] as const,
    );
  await run(30);
  const before = await residentBytes(browser);
  await run(100);
  expect((await residentBytes(browser)) - before).toBeLessThan(32 * MEGABYTE);
});

/** A PNG of one grey, which is small however many pixels it has. */
function greyPng(side: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const whole = Buffer.alloc(8 + body.length);
    whole.writeUInt32BE(data.length, 0);
    body.copy(whole, 4);
    whole.writeUInt32BE(crc32(body), 4 + body.length);
    return whole;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc(side * (side + 1), 128);
  for (let y = 0; y < side; y++) rows[y * (side + 1)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
