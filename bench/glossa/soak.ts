import type { GlossaPage } from './page.ts';

/** How a job ended: `right` and `wrong` by its answer, `stopped`, or with an error's code. */
export type Ended = string;

export type SoakPage = GlossaPage & {
  /** Does every kind of job once and remembers the answers; how many kinds there are. */
  prepareSoak: () => Promise<number>;
  runSoak: (kind: number, stopAfterMs: number | null) => Promise<Ended>;
};

interface Given {
  /** Encoded files, in base64. */
  recording: string;
  pictures: string[];
}

/** Runs in the page. */
export function defineSoak({ recording, pictures }: Given): void {
  const page = globalThis as SoakPage;
  const { glossa } = page;
  const blob = (base64: string): Blob => new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
  const sound = blob(recording);
  const english = Array.from(
    { length: 8 },
    (_, i) => `The ${['red', 'blue', 'old', 'new'][i % 4]} house has ${i + 2} doors and a garden.`,
  );
  const portuguese = Array.from({ length: 6 }, (_, i) => `O barco chegou ao porto com ${i + 2} pessoas.`);
  type Job = (signal: AbortSignal) => Promise<string>;
  const jobs: Job[] = [
    ...english.map(
      (text): Job =>
        async (signal) =>
          (await glossa.translate(text, { from: 'en', to: 'pt', signal })).text,
    ),
    async (signal) =>
      (await glossa.translate(english, { from: 'en', to: 'pt', signal })).map(({ text }) => text).join('\n'),
    ...portuguese.map(
      (text): Job =>
        async (signal) =>
          (await glossa.translate(text, { from: 'pt', to: 'en', signal })).text,
    ),
    ...pictures.map(blob).map(
      (picture): Job =>
        async (signal) =>
          (await glossa.caption(picture, { signal })).text,
    ),
    async (signal) => (await glossa.transcribe(sound, { signal })).text,
    async () => String((await glossa.detect(portuguese.join(' '))).language),
  ];
  const answers: string[] = [];
  page.prepareSoak = async () => {
    for (const job of jobs) answers.push(await job(new AbortController().signal));
    return jobs.length;
  };
  page.runSoak = async (kind, stopAfterMs) => {
    const controller = new AbortController();
    if (stopAfterMs !== null) setTimeout(() => controller.abort(), stopAfterMs);
    try {
      return (await jobs[kind]!(controller.signal)) === answers[kind] ? 'right' : 'wrong';
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return code === 'aborted' ? 'stopped' : code;
    }
  };
}
