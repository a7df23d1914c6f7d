import type { TaskName } from '../../protocol/messages.ts';
import { detectLanguage } from './detect.ts';
import { describeDevice } from './device.ts';
import { install, list, remove, verify } from './models.ts';
import type { Task } from './task.ts';
import { warmUp } from './warmUp.ts';

/** Every task a worker can do. */
export const tasks = {
  // Fetched when they are asked for: the worker that manages models needs none of them, and any other one.
  translate: async (input, context) => (await import('./translate.ts')).translate(input, context),
  transcribe: async (input, context) => (await import('./transcribe.ts')).transcribe(input, context),
  listen: async (input, context) => (await import('./listen.ts')).listen(input, context),
  caption: async (input, context) => (await import('./caption.ts')).caption(input, context),
  summarise: async (input, context) => (await import('./summarise.ts')).summarise(input, context),
  warmUp,
  detectLanguage,
  listModels: list,
  installModel: install,
  importModel: async (input, context) => (await import('./importModel.ts')).importGiven(input, context),
  inspectModel: async (input, context) => (await import('./importModel.ts')).inspectGiven(input, context),
  listSources: async (input, context) => (await import('./catalogue.ts')).listSources(input, context),
  listCatalogue: async (input, context) => (await import('./catalogue.ts')).listCatalogue(input, context),
  listBegun: async (input, context) => (await import('./catalogue.ts')).listBegun(input, context),
  installFrom: async (input, context) => (await import('./catalogue.ts')).installFrom(input, context),
  forgetBegun: async (input, context) => (await import('./catalogue.ts')).forgetBegun(input, context),
  removeModel: remove,
  verifyModel: verify,
  testProviders: async (input, context) => (await import('./testProviders.ts')).testProviders(input, context),
  describeDevice,
} satisfies { [K in TaskName]: Task<K> };
