import type { TaskName } from '../../protocol/messages.ts';
import { detectLanguage } from './detect.ts';
import { describeDevice } from './device.ts';
import { listen } from './listen.ts';
import { importFiles, install, list, remove, verify } from './models.ts';
import type { Task } from './task.ts';
import { transcribe } from './transcribe.ts';
import { translate } from './translate.ts';
import { warmUp } from './warmUp.ts';

/** Every task a worker can do. */
export const tasks = {
  translate,
  transcribe,
  listen,
  warmUp,
  detectLanguage,
  listModels: list,
  installModel: install,
  importModel: importFiles,
  removeModel: remove,
  verifyModel: verify,
  describeDevice,
} satisfies { [K in TaskName]: Task<K> };
