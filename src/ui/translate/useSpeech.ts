import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';

const speech = typeof speechSynthesis === 'undefined' ? null : speechSynthesis;

const subscribe = (changed: () => void): (() => void) => {
  speech?.addEventListener('voiceschanged', changed);
  return () => speech?.removeEventListener('voiceschanged', changed);
};

// The list is a new array at every call, so its text stands for it.
const voiceKey = (): string => (speech?.getVoices() ?? []).map((voice) => voice.voiceURI).join('\n');

export interface Speech {
  /** Whether this device has a voice of its own for the language. Voices on a server are not used: text would leave the page. */
  available: boolean;
  speaking: boolean;
  speak: (text: string) => void;
  stop: () => void;
}

/** Reads aloud with a voice that runs on this device. */
export function useSpeech(language: string | null): Speech {
  const voices = useSyncExternalStore(subscribe, voiceKey);
  const [speaking, setSpeaking] = useState(false);
  const voice = useMemo(() => {
    const fitting = (speech?.getVoices() ?? []).filter(
      (candidate) => candidate.localService && language !== null && candidate.lang.split(/[-_]/)[0] === language,
    );
    return voices === '' ? undefined : (fitting.find((candidate) => candidate.default) ?? fitting[0]);
  }, [voices, language]);

  const stop = useCallback(() => {
    speech?.cancel();
    setSpeaking(false);
  }, []);
  useEffect(() => stop, [stop]);

  const speak = useCallback(
    (text: string) => {
      if (!speech || !voice) return;
      speech.cancel();
      // One utterance a line: some engines give up on very long ones.
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      lines.forEach((line, i) => {
        const utterance = new SpeechSynthesisUtterance(line);
        utterance.voice = voice;
        utterance.lang = voice.lang;
        utterance.onerror = () => setSpeaking(false);
        if (i === lines.length - 1) utterance.onend = () => setSpeaking(false);
        speech.speak(utterance);
      });
      setSpeaking(lines.length > 0);
    },
    [voice],
  );
  return { available: voice !== undefined, speaking, speak, stop };
}
