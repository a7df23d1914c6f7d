import type { Original, TranslateInput, TranslationFrame } from '../../protocol/messages.ts';
import { specialTokens } from '../features/specialTokens.ts';
import type { ManifestOf } from '../../protocol/manifest.ts';
import { generate } from '../seq2seq/generate.ts';
import { Document, type SourceSentence } from './document.ts';
import { Glossary, type WantedTerm } from './glossary.ts';
import { LanguageWatch, requireLanguages } from './languages.ts';
import { carriedTerms, judged } from './pivoted.ts';
import { residentTranslator, type Translator } from './resident.ts';
import { asItIs, finished, partialText, render, reviewed, type OpenSentence } from './sentence.ts';
import { SentenceStream } from './sentenceStream.ts';
import type { Task, TaskContext } from './task.ts';

/** Of a batch: enough to fill the matmuls, few enough that an abort does not wait; found by trial. */
const BATCH_TOKENS = 512;
const BATCH_SOURCES = 24;
/** From so many UTF-16 units on, a model a thread is quicker than one with all threads. */
const MANY_CHARACTERS = 4000;
/** Firefox's models are configured with Marian's `normalize: 1`. */
const LENGTH_PENALTY = 1;
/** What a model's own files say of the search. */
function searchRules(architecture: ManifestOf<'translation'>['architecture']) {
  if (architecture.type !== 'hub-translator') return { lengthPenalty: LENGTH_PENALTY };
  const { lengthPenalty, noRepeat } = architecture;
  return { lengthPenalty, noRepeat };
}

/** Some hypotheses differ in their tokens alone. */
const SPARE_HYPOTHESES = 2;

/** Translates texts sentence by sentence; what lies between the sentences is kept byte for byte. */
export const translate: Task<'translate'> = async (input, context) => {
  const { signal, progress } = context;
  const translator = await residentTranslator(input.model, input.provider, { signal, onProgress: progress });
  return translateWith(translator, input, context);
};

/** The same with a translator that is loaded. */
export async function translateWith(
  translator: Translator,
  input: TranslateInput,
  { signal, progress, emit }: TaskContext<'translate'>,
): Promise<TranslationFrame[]> {
  const { from, to, beams, alternatives, originals } = input;
  const { manifest, device, model, lanes, tokenisers, kinds, lexicon } = translator;
  requireLanguages(input, manifest);
  const around = specialTokens(manifest.architecture, from, to);
  const started = performance.now();
  const documents = input.texts.map((text, item) => new Document(item, text, from));
  const writing = { tokenisers, from, to };
  const watches = documents.map(() => new LanguageWatch());
  const glossary = new Glossary(input.glossary);
  const originalOf = (item: number): Original => originals?.[item] ?? { text: '', alignment: [] };
  const termsOf = (sentence: SourceSentence): WantedTerm[] =>
    originals ? carriedTerms(sentence, originalOf(sentence.document.item), glossary) : glossary.find(sentence.text);
  const stream = new SentenceStream(documents, termsOf, translator, around);
  const total = documents.reduce((sum, { ranges }) => sum + ranges.length, 0);
  let done = 0;

  const write = (sentence: OpenSentence, result: ReturnType<typeof asItIs>): void => {
    const { document, index, range, last } = sentence;
    const value = document.write(range, result);
    watches[document.item]?.note(sentence, result.target);
    emit({ type: 'sentence', item: document.item, sentence: index, value });
    if (last) progress({ stage: 'decode', done: ++done, total, unit: 'items' });
  };

  let count = 0;
  const length = input.texts.reduce((sum, text) => sum + text.length, 0);
  const models = length < MANY_CHARACTERS ? [model] : await lanes();
  const generated = generate(models, stream.sources(), {
    beams,
    hypotheses: alternatives > 0 ? 1 + alternatives + SPARE_HYPOTHESES : 1,
    ...searchRules(manifest.architecture),
    batchTokens: BATCH_TOKENS,
    batchSources: BATCH_SOURCES,
    prompt: around.prompt,
    ...(lexicon && { allowed: lexicon }),
    kinds,
    signal,
    ...(input.partials && {
      onPartial: (number: number, ids: Int32Array) => {
        const sentence = stream.get(number);
        const { document, index } = sentence;
        emit({ type: 'partial', item: document.item, sentence: index, text: partialText(sentence, ids, writing) });
      },
    }),
    review: (number, { hypotheses: [best] }) => {
      const sentence = stream.get(number);
      return best
        ? reviewed(sentence, render(best, sentence, writing).text, tokenisers.target)
        : { lacking: 0, terms: [] };
    },
  });
  for await (const result of generated) {
    for (const sentence of stream.upTo(count++)) {
      write(
        sentence,
        sentence.kept ? asItIs(sentence.kept, sentence.text) : finished(result, sentence, writing, alternatives),
      );
    }
  }
  for (const sentence of stream.upTo(null)) if (sentence.kept) write(sentence, asItIs(sentence.kept, sentence.text));
  const warnings = await Promise.all(
    documents.map(async ({ text, target, warnings: ofText }, item) => {
      if (originals) return judged(originalOf(item).text, target, glossary);
      return [...ofText, ...((await watches[item]?.warnings(text, from)) ?? [])];
    }),
  );
  const { provider, threads } = device;
  const ran = { model: input.model, provider, threads, ms: performance.now() - started };
  return documents.map(({ target }, item) => ({ text: target, from, to, warnings: warnings[item] ?? [], ran }));
}
