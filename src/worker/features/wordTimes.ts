/** What a decoder attended to while it chose tokens. */
export interface TokenAttention {
  /** [tokens, heads, frames]: of the heads that follow time, each row of frames sums to at most 1. */
  attention: Float32Array;
  tokens: number;
  heads: number;
  frames: number;
}

/** Seconds of an attention frame: the encoder halves the features' frames of 10 ms. */
export const ATTENTION_FRAME_S = 0.02;
/** Frames over which attention is smoothed: openai/whisper's. */
const MEDIAN_WIDTH = 7;

/**
 * The frame at which each token begins: dynamic time warping of the smoothed attention, as openai/whisper's
 * `find_alignment` does it. Never decreases.
 * @param from - the frame before which nothing begins
 * @param to - frames from here on are silence after the audio
 */
export function tokenOnsets(input: TokenAttention, from: number, to: number): Int32Array {
  const width = Math.max(1, Math.min(to, input.frames) - from);
  return warp(smoothed(input, from, width), input.tokens, width).map((frame) => frame + from);
}

/** Mean over the heads of the attention, standardised over the tokens and median-filtered over the frames. */
function smoothed({ attention, tokens, heads, frames }: TokenAttention, from: number, width: number): Float32Array {
  const mean = new Float32Array(tokens * width);
  const plane = new Float32Array(tokens * width);
  for (let head = 0; head < heads; head++) {
    for (let token = 0; token < tokens; token++) {
      const at = (token * heads + head) * frames + from;
      const row = attention.subarray(at, at + width);
      let sum = 0;
      for (const value of row) sum += value;
      // As if the softmax had seen the audio alone.
      for (let i = 0; i < width; i++) plane[token * width + i] = sum > 0 ? row[i]! / sum : 0;
    }
    standardise(plane, tokens, width);
    for (let token = 0; token < tokens; token++) {
      addMedians(plane.subarray(token * width, (token + 1) * width), mean.subarray(token * width, (token + 1) * width));
    }
  }
  return mean;
}

/** Columns to mean 0 and deviation 1. */
function standardise(plane: Float32Array, tokens: number, width: number): void {
  for (let column = 0; column < width; column++) {
    let sum = 0;
    let squares = 0;
    for (let at = column; at < tokens * width; at += width) sum += plane[at]!;
    const mean = sum / tokens;
    for (let at = column; at < tokens * width; at += width) squares += (plane[at]! - mean) ** 2;
    const deviation = Math.sqrt(squares / tokens);
    for (let at = column; at < tokens * width; at += width) {
      plane[at] = deviation > 0 ? (plane[at]! - mean) / deviation : 0;
    }
  }
}

/** Adds the running median of `row`, which is mirrored at its ends, to `sums`. */
function addMedians(row: Float32Array, sums: Float32Array): void {
  const half = (MEDIAN_WIDTH - 1) / 2;
  if (row.length <= half + 1) {
    row.forEach((value, i) => (sums[i]! += value));
    return;
  }
  const at = (i: number): number => row[i < 0 ? -i : i >= row.length ? 2 * (row.length - 1) - i : i]!;
  // The values around the one before the first, in order. From one to the next a single value goes and another comes.
  const window = Float32Array.from({ length: MEDIAN_WIDTH }, (_, j) => at(j - half - 1)).sort();
  for (let i = 0; i < row.length; i++) {
    const leaves = at(i - half - 1);
    const comes = at(i + half);
    let place = 0;
    while (place + 1 < MEDIAN_WIDTH && window[place] !== leaves) place++;
    for (; place + 1 < MEDIAN_WIDTH && window[place + 1]! < comes; place++) window[place] = window[place + 1]!;
    for (; place > 0 && window[place - 1]! > comes; place--) window[place] = window[place - 1]!;
    window[place] = comes;
    sums[i]! += window[half]!;
  }
}

const DIAGONAL = 0;
const NEXT_TOKEN = 1;
const NEXT_FRAME = 2;

/** The first frame of each token on the path of greatest sum from the first token and frame to the last. */
function warp(gain: Float32Array, tokens: number, frames: number): Int32Array {
  const steps = new Uint8Array(tokens * frames);
  let above = new Float32Array(frames).fill(-Infinity);
  for (let token = 0; token < tokens; token++) {
    const row = new Float32Array(frames);
    for (let frame = 0; frame < frames; frame++) {
      const diagonal = frame > 0 ? above[frame - 1]! : -Infinity;
      const nextToken = above[frame]!;
      const nextFrame = frame > 0 ? row[frame - 1]! : -Infinity;
      let best = diagonal;
      let step = DIAGONAL;
      if (nextToken > best) [best, step] = [nextToken, NEXT_TOKEN];
      if (nextFrame > best) [best, step] = [nextFrame, NEXT_FRAME];
      row[frame] = (token === 0 && frame === 0 ? 0 : best) + gain[token * frames + frame]!;
      steps[token * frames + frame] = step;
    }
    above = row;
  }
  const onsets = new Int32Array(tokens);
  let token = tokens - 1;
  let frame = frames - 1;
  while (token > 0 || frame > 0) {
    onsets[token] = frame;
    const step = token === 0 ? NEXT_FRAME : frame === 0 ? NEXT_TOKEN : steps[token * frames + frame];
    if (step !== NEXT_FRAME) token--;
    if (step !== NEXT_TOKEN) frame--;
  }
  onsets[0] = 0;
  return onsets;
}

/** A stretch of audio in seconds. */
export interface Span {
  startS: number;
  endS: number;
}

/** So far from where the path changes words the pause between them is looked for. */
const SEAM_S = 0.3;
const LONGEST_STOP_S = 0.09;
/** No word has a pause of this length in it. */
const LONGEST_GAP_S = 0.2;
/** A shorter word cannot be shown. */
const SHORTEST_WORD_S = 0.04;
/** No word is spoken slower than this: what is longer holds a pause. */
const LONGEST_WORD_S = 0.4;
const LONGEST_LETTER_S = 0.12;

/**
 * Words' times from where they begin: each ends where the next begins or, before a pause, when it has been said; in order,
 * none empty, all within the audio.
 * @param onsets - where each word begins, and at last where the last one ends; in seconds, never decreasing
 * @param letters - of each word
 * @param bounds - the audio
 * @param loud - the loudness of each ATTENTION_FRAME_S of the audio from 0 on, see `loudness`
 */
export function wordSpans(onsets: number[], letters: number[], bounds: Span, loud: Uint8Array): Span[] {
  const pauses = pausesOf(loud);
  // The path changes words somewhere in a pause between them, or a little after it.
  const seams = letters.slice(1).map((_, i) => {
    const [from = 0, at = 0, to = 0] = onsets.slice(i, i + 3);
    const near = pauses.filter(
      (pause) => pause.startS > from && pause.endS < to && pause.startS < at + SEAM_S && pause.endS > at - SEAM_S,
    );
    return near.reduce<Span>((a, b) => (lengthOf(b) > lengthOf(a) ? b : a), { startS: at, endS: at });
  });
  const spans = letters.map((count, i): Span => {
    const from = seams[i - 1]?.endS ?? onsets[i] ?? bounds.startS;
    const to = seams[i]?.startS ?? onsets[i + 1] ?? bounds.endS;
    const trimmed = trim({ startS: from, endS: to }, loud);
    const longestS = LONGEST_WORD_S + count * LONGEST_LETTER_S;
    const gap = pauses.find(
      (pause) => pause.startS > trimmed.startS && pause.endS < trimmed.endS && lengthOf(pause) > LONGEST_GAP_S,
    );
    // What is still too long begins where the path is surest: at its onset.
    const endS = Math.min(trimmed.endS, trimmed.startS + longestS, gap?.startS ?? Infinity);
    return { startS: trimmed.startS, endS };
  });
  return spaced(spans, bounds);
}

/** The pauses that are longer than a stop within a word. */
function pausesOf(loud: Uint8Array): Span[] {
  const pauses: Span[] = [];
  for (let from = loud.indexOf(0); from >= 0; from = loud.indexOf(0, from)) {
    const next = loud.indexOf(1, from);
    const to = next < 0 ? loud.length : next;
    const pause = { startS: from * ATTENTION_FRAME_S, endS: to * ATTENTION_FRAME_S };
    if (lengthOf(pause) > LONGEST_STOP_S) pauses.push(pause);
    from = to;
  }
  return pauses;
}

function lengthOf({ startS, endS }: Span): number {
  return endS - startS;
}

/** Without the silence at both ends, where there is anything but silence. */
function trim({ startS, endS }: Span, loud: Uint8Array): Span {
  let first = Math.floor(startS / ATTENTION_FRAME_S + 1e-6);
  let last = Math.ceil(endS / ATTENTION_FRAME_S - 1e-6) - 1;
  while (first < last && loud[first] === 0) first++;
  while (last > first && loud[last] === 0) last--;
  if (loud[first] !== 1) return { startS, endS };
  return {
    startS: Math.max(startS, first * ATTENTION_FRAME_S),
    endS: Math.min(endS, (last + 1) * ATTENTION_FRAME_S),
  };
}

/** Room for every word: those that have too little take it from the words after them, and at the end from those before. */
function spaced(spans: Span[], { startS, endS }: Span): Span[] {
  const shortestS = Math.min(SHORTEST_WORD_S, (endS - startS) / Math.max(1, spans.length));
  let least = startS;
  const forward = spans.map((span): Span => {
    const start = Math.max(least, span.startS);
    least = Math.max(start + shortestS, span.endS);
    return { startS: start, endS: least };
  });
  let most = endS;
  for (const span of forward.toReversed()) {
    span.endS = Math.min(span.endS, most);
    span.startS = Math.max(startS, Math.min(span.startS, span.endS - shortestS));
    most = span.startS;
  }
  return forward;
}

/** Frames quieter than this share of the loud ones are a pause. */
const QUIET_SHARE = 0.08;
/** Shorter sounds are none of a word's. */
const SHORTEST_SOUND = 2;

/** For each ATTENTION_FRAME_S of samples whether it is louder than a pause between words. */
export function loudness(samples: Float32Array, sampleRateHz: number): Uint8Array {
  const length = Math.round(sampleRateHz * ATTENTION_FRAME_S);
  const rms = new Float32Array(Math.ceil(samples.length / length));
  for (let i = 0; i < rms.length; i++) {
    const frame = samples.subarray(i * length, (i + 1) * length);
    let sum = 0;
    for (const sample of frame) sum += sample * sample;
    rms[i] = Math.sqrt(sum / frame.length);
  }
  const sorted = rms.toSorted();
  const [quiet = 0, loud = 0] = [sorted[Math.floor(sorted.length * 0.1)], sorted[Math.floor(sorted.length * 0.9)]];
  const threshold = Math.min(quiet + QUIET_SHARE * loud, loud / 2);
  const frames = Uint8Array.from(rms, (value) => (value > threshold ? 1 : 0));
  for (let from = frames.indexOf(1); from >= 0;) {
    const next = frames.indexOf(0, from);
    const to = next < 0 ? frames.length : next;
    if (to - from < SHORTEST_SOUND) frames.fill(0, from, to);
    from = frames.indexOf(1, to);
  }
  return frames;
}
