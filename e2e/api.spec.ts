import { expect, openApp, test } from './fixtures.ts';

/** What a script gets from `globalThis.glossa` on the served page. */

test('a string gives one translation that says where everything is', async ({ page }) => {
  await openApp(page);
  const source = '  The house is blue.\n\n\tIt has 3 windows.  \n';
  const translation = await page.evaluate((text) => glossa.translate(text, { from: 'en', to: 'pt' }), source);
  expect(translation.text).toMatch(/^ {2}A casa é azul\.\n\n\t\S.*3 janelas\. {2}\n$/);
  expect(translation).toMatchObject({ from: 'en', to: 'pt', warnings: [] });
  expect(translation.sentences).toHaveLength(2);
  for (const sentence of translation.sentences) {
    expect(source.slice(...sentence.sourceRange)).toBe(sentence.source);
    expect(translation.text.slice(...sentence.targetRange)).toBe(sentence.target);
    expect(sentence.score).toBeLessThan(0);
    expect(sentence.alignment.length).toBeGreaterThan(2);
  }
  expect(translation.ran).toMatchObject({ model: 'en-pt', provider: 'wasm' });
  expect(translation.ran.threads).toBeGreaterThan(1);
});

test('an array gives an array in its order, with alternatives on request', async ({ page }) => {
  await openApp(page);
  const translations = await page.evaluate(() =>
    glossa.translate(['O gato dorme.', '', 'Bom dia!'], { from: 'pt-BR', to: 'en', beams: 4, alternatives: 2 }),
  );
  expect(translations.map(({ text }) => text)).toEqual([
    expect.stringMatching(/cat/i),
    '',
    expect.stringMatching(/morning/i),
  ]);
  const [first] = translations[0]!.sentences;
  expect(first!.alternatives).toHaveLength(2);
  expect(new Set([first!.target, ...first!.alternatives.map(({ text }) => text)]).size).toBe(3);
  expect(first!.score).toBeGreaterThanOrEqual(first!.alternatives[0]!.score);
});

test('partial text and sentences stream, and progress ends full', async ({ page }) => {
  await openApp(page);
  // Longer than the engine decodes in one call: what is shorter comes whole.
  const long = `${'The old lighthouse stands on a narrow strip of land between the river and the sea, and '.repeat(3)}it still guides the boats home. The dog barks.`;
  const heard = await page.evaluate(async (text) => {
    const events: string[] = [];
    const progress: { stage: string; done: number; total: number }[] = [];
    const translation = await glossa.translate(text, {
      from: 'en',
      to: 'pt',
      onPartial: ({ text }) => events.push(`partial ${text}`),
      onSentence: ({ sentence }) => events.push(`sentence ${sentence.target}`),
      onProgress: ({ stage, done, total }) => progress.push({ stage, done, total }),
    });
    return { events, progress, targets: translation.sentences.map(({ target }) => target) };
  }, long);
  const said = (kind: string): string[] => heard.events.filter((event) => event.startsWith(kind));
  expect(said('partial').length).toBeGreaterThan(0);
  expect(said('sentence').sort()).toEqual(heard.targets.map((target) => `sentence ${target}`).sort());
  for (const stage of new Set(heard.progress.map((p) => p.stage))) {
    const steps = heard.progress.filter((p) => p.stage === stage);
    expect(new Set(steps.map(({ total }) => total)).size, `${stage}: one total`).toBe(1);
    expect(steps.map(({ done }) => done)).toEqual(steps.map(({ done }) => done).sort((a, b) => a - b));
    expect(steps.at(-1)!.done).toBe(steps.at(-1)!.total);
  }
});

test('errors come by code', async ({ page }) => {
  await openApp(page);
  const failures = await page.evaluate(async () => {
    const stopped = AbortSignal.abort();
    return {
      language: await failure(glossa.translate('Hello.', { from: 'en', to: 'fi' })),
      beams: await failure(glossa.translate('Hello.', { from: 'en', to: 'pt', beams: 99 })),
      model: await failure(glossa.translate('Hello.', { from: 'en', to: 'pt', model: 'no-such-model' })),
      stopped: await failure(glossa.translate('Hello.', { from: 'en', to: 'pt', signal: stopped })),
    };
  });
  expect(failures).toEqual({
    language: 'EngineError unsupported-language',
    beams: 'EngineError bad-input',
    model: expect.stringMatching(/^EngineError (unsupported-model|model-missing)$/),
    stopped: 'AbortError aborted',
  });
});

test('what cannot be translated is said, not guessed at', async ({ page }) => {
  await openApp(page);
  const translations = await page.evaluate(() =>
    glossa.translate(['—— *** ——', 'Guten Morgen, wie haben Sie heute Nacht geschlafen?'], { from: 'en', to: 'pt' }),
  );
  const warnings = translations.map(({ warnings, sentences }) =>
    [...warnings, ...sentences.flatMap((sentence) => sentence.warnings)].map(({ code }) => code),
  );
  expect(translations[0]!.text).toBe('—— *** ——');
  expect(warnings[0]).toContain('nothing-to-translate');
  expect(warnings[1]).toContain('other-language');
});

test('models can be listed, installed, verified and removed', async ({ page }) => {
  await openApp(page);
  const states = await page.evaluate(async () => {
    const state = async (): Promise<string | undefined> =>
      (await glossa.models.list()).find(({ id }) => id === 'pt-en')?.state;
    const before = await state();
    const installed = await glossa.models.install('pt-en');
    const verified = await glossa.models.verify('pt-en');
    await glossa.models.remove('pt-en');
    return { before, installed: installed.state, stored: installed.storedBytes, verified, after: await state() };
  });
  expect(states).toMatchObject({ before: 'available', installed: 'installed', verified: { ok: true, broken: [] } });
  expect(states.stored).toBeGreaterThan(10e6);
  expect(states.after).toBe('available');
});
