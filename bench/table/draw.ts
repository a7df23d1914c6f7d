import { parseResult, type Result, type ResultOf } from './results.ts';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** The README's tables in Markdown, from kept results in any order. Throws where one is not a result. */
export function drawTables(kept: unknown[]): string {
  const results = kept.map(parseResult);
  const of = <Name extends Result['bench']>(name: Name) =>
    results.filter((result): result is ResultOf<Name> => result.bench === name);
  return [
    ...of('translate').map(drawSpeed),
    drawQuality(of('quality-translate')),
    ...of('quality-glossary').map(drawGlossary),
    ...of('listen').map(drawListening),
    ...of('live').map(drawLive),
    drawWordErrors(of('quality-listen')),
    drawSeeing(of('see')),
    drawCaptions(of('quality-see')),
    ...of('size').map(drawSize),
    ...of('start').map(drawStart),
    ...of('soak').map(drawSoak),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function drawSoak({ jobs, stopped, killed, lost, mixedUp, memory, ...result }: ResultOf<'soak'>): string {
  return (
    `Soak: ${number.format(jobs)} mixed jobs, ${stopped} of them stopped at a random moment, ${killed} workers ended: ${lost} jobs ` +
    `lost, ${mixedUp} mixed up; ${number.format(memory.firstMegabytes)} MiB in the first fifth, ` +
    `${number.format(memory.lastMegabytes)} in the last: \`npm run soak\`, ${where(result)}.`
  );
}

function drawSpeed(result: ResultOf<'translate'>): string {
  const rows = result.duels.flatMap(({ threads, glossa, bergamot }) => [
    row('words per second, median', threads, glossa.wordsPerSecond.median, bergamot.wordsPerSecond.median, number),
    row('one sentence, median ms', threads, glossa.sentence.medianMs, bergamot.sentence.medianMs, precise),
    row('one sentence, 95th percentile ms', threads, glossa.sentence.p95Ms, bergamot.sentence.p95Ms, precise),
    row('ready, median ms', threads, glossa.readyMs.median, bergamot.readyMs.median, number),
    row('peak memory of the page, MiB', threads, glossa.peakMegabytes, bergamot.peakMegabytes, number),
  ]);
  const floor =
    result.emptyPageMegabytes === null ? '' : ` An empty page takes ${number.format(result.emptyPageMegabytes)} MiB.`;
  return table(
    `${number.format(result.sentences)} English sentences (${number.format(result.words)} words) to Portuguese, the same ` +
      `weights, side by side, ${number.format(result.runs)} rounds, Bergamot with a worker for each thread: ` +
      `\`npm run bench:translate\`, ${where(result)}.${floor}`,
    ['', 'threads', 'Glossa', 'Bergamot', 'ratio'],
    rows,
  );
}

function row(
  name: string,
  threads: number,
  ours: number | null,
  theirs: number | null,
  format: Intl.NumberFormat,
): string[] {
  if (ours === null || theirs === null) return [name, String(threads), '?', '?', '?'];
  return [name, String(threads), format.format(ours), format.format(theirs), (ours / theirs).toFixed(2)];
}

function drawQuality(results: ResultOf<'quality-translate'>[]): string {
  const [first] = results;
  if (first === undefined) return '';
  return table(
    `Quality through the browser (sacrebleu's BLEU and chrF2): \`npm run quality:translate\`, ${where(first)}.`,
    ['set', 'direction', 'lines', 'search', 'BLEU', 'chrF', 'words per second'],
    results.map((result) => [
      result.source,
      `${result.from} to ${result.to}`,
      number.format(result.lines),
      result.beams === 1 ? 'greedy' : `beam ${result.beams}`,
      precise.format(result.bleu),
      precise.format(result.chrf),
      number.format(result.wordsPerSecond),
    ]),
  );
}

function drawGlossary(result: ResultOf<'quality-glossary'>): string {
  const { sentences, beams, termsAppeared: terms, bleuElsewhere: bleu } = result;
  return (
    `Glossary, ${sentences} sentences, ${beams === 1 ? 'greedy' : `beam ${beams}`}: the wanted term appears in ` +
    `${terms.steered} (without the glossary: ${terms.plain}); BLEU elsewhere ${precise.format(bleu.steered)} ` +
    `(${precise.format(bleu.plain)}): \`npm run quality:glossary\`, ${where(result)}.`
  );
}

function drawListening(result: ResultOf<'listen'>): string {
  const { recording, clipSeconds, threads, runs, glossa, transformers } = result;
  const seconds = number.format(recording.seconds);
  return table(
    `Speech beside transformers.js, the same Whisper tiny.en, ${number.format(runs)} rounds: \`npm run bench:listen\`, ` +
      `${where(result)}.`,
    ['', 'threads', 'Glossa', 'transformers.js', 'ratio'],
    [
      row(
        `${seconds} s of speech, median ms`,
        threads,
        glossa.recordingMs.median,
        transformers.recordingMs.median,
        number,
      ),
      row(`a clip of ${clipSeconds} s, median ms`, threads, glossa.clipMs.median, transformers.clipMs.median, number),
      row('first words, median ms', threads, glossa.firstWordsMs.median, transformers.firstWordsMs.median, number),
      row('ready, ms', threads, glossa.readyMs, transformers.readyMs, number),
      row('peak memory of the page, MiB', threads, glossa.peakMegabytes, transformers.peakMegabytes, number),
    ],
  );
}

function drawLive(result: ResultOf<'live'>): string {
  const { phrases, recording, threads, captionMs, translationMs, firstWordsMs, changedStableWords } = result;
  const delay = (of: typeof captionMs | undefined) =>
    of ? `${number.format(of.median)} ms (95th percentile ${number.format(of.p95)})` : 'not measured';
  return (
    `Live, a microphone that plays ${recording}, ${phrases} phrases, ${threads} threads: the final caption is there ` +
    `${delay(captionMs)} after the end of its phrase, its translation ${delay(translationMs)}, the first words ` +
    `${delay(firstWordsMs)} after its beginning; ${changedStableWords} stable words changed: \`npm run bench:live\`, ` +
    `${where(result)}.`
  );
}

function drawWordErrors(results: ResultOf<'quality-listen'>[]): string {
  const [first] = results;
  if (first === undefined) return '';
  return table(
    `Word errors after Whisper's normaliser: \`npm run quality:listen\`, ${where(first)}.`,
    ['set', 'files', 'words', 'Glossa, %', 'float32 reference, %'],
    results.map(({ set, files, words, wordErrorRate, beside }) => [
      set,
      number.format(files),
      number.format(words),
      wordErrorRate.toFixed(2),
      beside?.wordErrorRate.toFixed(2) ?? '',
    ]),
  );
}

function drawSeeing(results: ResultOf<'see'>[]): string {
  const [first] = results;
  if (first === undefined) return '';
  const rows = results.flatMap(({ model, sides, album }) => [
    ...sides.map(({ threads, medianMs, p95Ms, perMinute }) => [
      ...[model, `one, ${threads} thread${threads === 1 ? '' : 's'}`],
      ...[medianMs, p95Ms, perMinute].map((value) => number.format(value)),
    ]),
    [
      ...[model, `an album, ${album.workers} workers of 1 thread`],
      ...[number.format(album.msPerPicture), '', number.format(album.perMinute)],
    ],
  ]);
  const memory = results.map(
    ({ model, memory: { pictures, peakMegabytesBefore: before, peakMegabytes: after } }) =>
      `${model} ${before === null || after === null ? '?' : `${number.format(before)} MiB, after ${number.format(pictures)} pictures ${number.format(after)} MiB`}`,
  );
  return table(
    `Pictures, from the file to the caption (beam ${first.beams}), ${number.format(first.pictures)} of them: \`npm run bench:see\`, ` +
      `${where(first)}. Peak memory of the page: ${memory.join('; ')}.`,
    ['model', 'how', 'a picture, median ms (album: mean)', '95th percentile ms', 'pictures per minute'],
    rows,
  );
}

function drawCaptions(results: ResultOf<'quality-see'>[]): string {
  const [first] = results;
  if (first === undefined) return '';
  return table(
    `Captions through the browser, as coco-caption scores them: \`npm run quality:see\`, ${where(first)}.`,
    ['set', 'model', 'pictures', 'beams', 'BLEU-1', 'BLEU-4', 'ROUGE-L', 'CIDEr-D', 'unsure'],
    results.map(({ set, model, pictures, beams, bleu, rougeL, ciderD, unsure }) => [
      set,
      model,
      number.format(pictures),
      String(beams),
      precise.format(bleu[0] ?? 0),
      precise.format(bleu[3] ?? 0),
      precise.format(rougeL),
      ciderD.toFixed(3),
      number.format(unsure),
    ]),
  );
}

function drawSize({ firstVisit, firstTranslation, ...result }: ResultOf<'size'>): string {
  const kilobytes = (bytes: number) => number.format(bytes / 1000);
  return table(
    `What the browser fetches: \`npm run bench:size\`, ${where(result)}.`,
    ['', 'kB', 'kB gzipped'],
    [
      ['first visit, script and style', kilobytes(firstVisit.bytes), kilobytes(firstVisit.gzipBytes)],
      ...(['script', 'wasm', 'model'] as const).map((kind) => [
        `first translation, ${kind}`,
        kilobytes(firstTranslation[kind].bytes),
        kilobytes(firstTranslation[kind].gzipBytes),
      ]),
    ],
  );
}

function drawStart({ runs, cold, warm, ...result }: ResultOf<'start'>): string {
  const kilobytes = ({ gzipBytes }: { gzipBytes: number }) => number.format(gzipBytes / 1000);
  const range = ({ min, median, max }: ResultOf<'start'>['warm']['translatedMs']) =>
    [median, min, max].map((ms) => number.format(ms));
  return table(
    `From opening the page, a new browser each time, ${number.format(runs)} rounds; then it keeps ` +
      `${kilobytes(cold.kept)} kB (gzipped) to open offline: \`npm run bench:start\`, ${where(result)}.`,
    ['', 'median ms', 'least', 'most', 'kB gzipped'],
    [
      ['first visit, until one can type', ...range(cold.interactiveMs), kilobytes(cold.sent)],
      ['later visit, until one can type', ...range(warm.interactiveMs), ''],
      ['later visit, until the first translation', ...range(warm.translatedMs), kilobytes(warm.sent)],
    ],
  );
}

function where({ commit, date, browser, machine }: Pick<Result, 'commit' | 'date' | 'browser' | 'machine'>): string {
  return `commit ${commit}, ${date}, ${browser}, ${machine.processor}, ${machine.cores} cores`;
}

function table(caption: string, head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [caption, '', line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}
