import { useSyncExternalStore } from 'react';
import type { OpenTranscript, TranscriptSnapshot } from './openTranscript.ts';

export const useOpenTranscript = (transcript: OpenTranscript): TranscriptSnapshot =>
  useSyncExternalStore(transcript.subscribe, transcript.snapshot);
