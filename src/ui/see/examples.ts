import astronaut from './examples/astronaut.webp?url';
import cat from './examples/cat.webp?url';
import coffee from './examples/coffee.webp?url';
import rocket from './examples/rocket.webp?url';

/** Photographs to try without having one at hand; where they are from is written beside them. Sizes in pixels. */
export const EXAMPLES = [
  { id: 'cat', url: cat, width: 451, height: 300 },
  { id: 'coffee', url: coffee, width: 600, height: 400 },
  { id: 'rocket', url: rocket, width: 640, height: 427 },
  { id: 'astronaut', url: astronaut, width: 512, height: 512 },
] as const;

export type Example = (typeof EXAMPLES)[number];
