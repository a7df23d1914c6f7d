import { expect, it } from 'vitest';
import type { RequestRecord } from '../../protocol/network.ts';
import { groupRequests, joinRequests } from './requestGroups.ts';

const BASE = 'https://glossa.test/app/';

const record = (at: number, fields: Partial<RequestRecord> = {}): RequestRecord => ({
  at,
  url: `${BASE}assets/x.js`,
  purpose: 'shell',
  by: 'network',
  bytes: 10,
  client: 'page',
  ...fields,
});

it('adds to the log what the page saw and the service worker did not', () => {
  const joined = joinRequests(
    [record(2)],
    [
      { url: `${BASE}?text=mine#more`, at: 1, sameSite: true, bytes: 300, logged: false },
      { url: `${BASE}assets/x.js`, at: 2, sameSite: true, bytes: 10, logged: true },
      { url: `${BASE}icon.svg`, at: 3, sameSite: true, bytes: 0, logged: false },
      { url: 'https://elsewhere.test/y', at: 4, sameSite: false, bytes: 0, logged: false },
    ],
    BASE,
  );
  expect(joined).toEqual([
    record(1, { url: BASE, purpose: 'page', bytes: 300 }),
    record(2),
    record(3, { url: `${BASE}icon.svg`, by: 'device', bytes: 0 }),
    record(4, { url: 'https://elsewhere.test/y', purpose: 'elsewhere', bytes: null }),
  ]);
});

it('groups by what a request was for, and shows what is asked for', () => {
  const records = [
    record(1),
    record(2, { purpose: 'model', model: 'en-pt', bytes: 100 }),
    record(3, { by: 'device', bytes: 50 }),
    record(4, { purpose: 'elsewhere', by: 'refused', bytes: null }),
    record(5, { purpose: 'source', source: 'hub', bytes: 30 }),
    record(6, { purpose: 'source', source: 'argos', bytes: 40 }),
  ];
  expect(
    groupRequests(records, 'all').map(({ purpose, bytes, records: { length } }) => [purpose, length, bytes]),
  ).toEqual([
    ['elsewhere', 1, 0],
    ['source', 1, 30],
    ['source', 1, 40],
    ['model', 1, 100],
    ['shell', 2, 10],
  ]);
  expect(
    groupRequests(records, 'all')
      .at(-1)
      ?.records.map(({ at }) => at),
  ).toEqual([3, 1]);
  expect(groupRequests(records, 'refused').map(({ purpose }) => purpose)).toEqual(['elsewhere']);
});
