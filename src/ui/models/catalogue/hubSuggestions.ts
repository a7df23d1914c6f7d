/** Repositories of the Hub in the layout of transformers.js, small enough to try: what each does says its name. */
export const HUB_SUGGESTIONS = [
  'Xenova/opus-mt-de-en',
  'Xenova/opus-mt-en-fr',
  'Xenova/opus-mt-ja-en',
  'Xenova/nllb-200-distilled-600M',
  'Xenova/distilbart-cnn-6-6',
  'Xenova/vit-gpt2-image-captioning',
] as const;
