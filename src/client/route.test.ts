import { describe, expect, it } from 'vitest';
import type { ModelInfo } from '../protocol/types.ts';
import { model } from './fixtures/loopback.ts';
import { routes } from './route.ts';

const away = { state: 'available', downloadBytes: 1000, storedBytes: 0 } as const;
const ways = (models: ModelInfo[], from: string | null, to: string): string[] =>
  routes(models, from, to).map((route) => route.models.map(({ id }) => id).join('+'));

describe('routes', () => {
  it('goes through a third language where no model is between the two', () => {
    expect(routes([model('pt', 'en'), model('en', 'fr')], 'pt', 'fr')).toMatchObject([
      { models: [{ id: 'pt-en' }, { id: 'en-fr' }], via: 'en' },
    ]);
    expect(ways([model('pt', 'en'), model('es', 'fr')], 'pt', 'fr')).toEqual([]);
  });

  it('prefers what is on this device, and then a model of the pair itself', () => {
    const pivot = [model('pt', 'en'), model('en', 'fr')];
    expect(ways([...pivot, model('pt', 'fr')], 'pt', 'fr')).toEqual(['pt-fr', 'pt-en+en-fr']);
    expect(ways([...pivot, model('pt', 'fr', away)], 'pt', 'fr')).toEqual(['pt-en+en-fr', 'pt-fr']);
    const half = [model('pt', 'en'), model('en', 'fr', away)];
    expect(ways([...half, model('pt', 'fr', away)], 'pt', 'fr')).toEqual(['pt-fr', 'pt-en+en-fr']);
  });

  it('takes the pivot with least to fetch, and English where it is the same', () => {
    const bySpanish = [model('pt', 'es'), model('es', 'fr')];
    expect(ways([...bySpanish, model('pt', 'en'), model('en', 'fr')], 'pt', 'fr')[0]).toBe('pt-en+en-fr');
    expect(ways([...bySpanish, model('pt', 'en'), model('en', 'fr', away)], 'pt', 'fr')[0]).toBe('pt-es+es-fr');
  });

  it('has a language answer for its regions, and never leads back to where it began', () => {
    expect(ways([model('pt', 'en'), model('en', 'fr')], 'pt-BR', 'fr-CA')).toEqual(['pt-en+en-fr']);
    const there = [model('pt', 'en'), model('en', 'pt')];
    expect(ways(there, 'pt', 'pt')).toEqual([]);
    expect(ways(there, 'pt-BR', 'pt')).toEqual([]);
    expect(ways(there, 'pt', 'en')).toEqual(['pt-en']);
  });

  it('is only ever direct where the source is not known', () => {
    expect(ways([model('pt', 'en'), model('en', 'fr')], null, 'fr')).toEqual(['en-fr']);
  });
});
