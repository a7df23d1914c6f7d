import * as v from 'valibot';
import { ARGOS, BERGAMOT, HUB, MOZILLA } from '../../src/formats/catalogue/catalogue.fixture.ts';
import { CATALOGUES, mirrorPath } from '../../src/formats/catalogue/catalogues.ts';
import { entrySchema } from '../../src/protocol/catalogue.ts';
import { isAddressOf, SOURCE_IDS, sourceNamed } from '../../src/protocol/hosts.ts';
import { expect } from '../expect.ts';
import type { Target } from '../target.ts';
import { reshapeJson } from './json.ts';

const INDEXES = { mozilla: MOZILLA, bergamot: BERGAMOT, argos: ARGOS, hub: HUB } as const;

/** What the sources of models say they have. */
export const catalogueTargets: readonly Target[] = SOURCE_IDS.map((id) => ({
  name: `catalogue-${id}`,
  seeds: [new TextEncoder().encode(JSON.stringify(INDEXES[id]))],
  words: ['https://', '../', '%2F', '"__proto__":', 'Release', '.argosmodel', 'onnx/encoder_model.onnx'],
  reshape: reshapeJson,
  read(file) {
    for (const entry of CATALOGUES[id].read(new TextDecoder().decode(file), 'owner/name')) {
      expect(v.is(entrySchema, entry), 'an entry is one that can be installed');
      for (const { url } of entry.files) {
        expect(isAddressOf(sourceNamed(id), url), 'a file lies where its source may be asked');
        expect(mirrorPath(id, url).startsWith(`mirror/${id}/`), 'a copy lies in its own folder');
      }
    }
  },
  refusals: ['not-a-model', 'unsupported-model'],
}));
