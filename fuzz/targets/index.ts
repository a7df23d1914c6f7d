import type { Target } from '../target.ts';
import { archiveTargets } from './archives.ts';
import { catalogueTargets } from './catalogues.ts';
import { ctranslate2Targets } from './ctranslate2.ts';
import { hubTargets } from './hub.ts';
import { marianTargets } from './marian.ts';
import { mediaTargets } from './media.ts';
import { modelTargets } from './models.ts';
import { pictureTargets } from './pictures.ts';
import { textTargets } from './texts.ts';
import { vocabularyTargets } from './vocabularies.ts';

/** Every reader of foreign files. */
export const TARGETS: readonly Target[] = [
  ...marianTargets,
  ...ctranslate2Targets,
  ...hubTargets,
  ...vocabularyTargets,
  ...archiveTargets,
  ...modelTargets,
  ...catalogueTargets,
  ...mediaTargets,
  ...pictureTargets,
  ...textTargets,
];

export function findTarget(name: string): Target {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (!target) throw new RangeError(`There is no target ${name}: ${TARGETS.map((known) => known.name).join(', ')}`);
  return target;
}
