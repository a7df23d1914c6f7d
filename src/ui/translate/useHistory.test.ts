import { expect, it } from 'vitest';
import { isEdit } from './useHistory.ts';

it.each([
  ['The house', 'The house is blue.', true],
  ['The house is blue.', 'The house is white.', true],
  ['The house is blue.', 'Look: the house is blue.', true],
  ['The house is blue.', 'Nobody came.', false],
])('from %j to %j: an edit of the same text? %s', (before, after, expected) => {
  expect(isEdit(before, after)).toBe(expected);
});
