import { describe, expect, it } from 'vitest';
import { doorFor } from './doorFor.ts';
import { Inbox } from './inbox.ts';
import { readForm } from './readForm.ts';

const file = (name: string, type = ''): File => new File(['x'], name, { type });

it.each([
  ['translate', file('notes.TXT')],
  ['translate', file('readme.md')],
  ['translate', file('shared', 'text/plain')],
  ['listen', file('film.srt')],
  ['listen', file('film.vtt', 'text/vtt')],
  ['listen', file('talk.mp3', 'audio/mpeg')],
  ['listen', file('clip.mkv')],
  ['see', file('photo.HEIC')],
  ['see', file('IMG', 'image/jpeg')],
  [null, file('report.pdf', 'application/pdf')],
  [null, file('table.csv', 'text/csv')],
  [null, file('txt')],
])('opens in %s what such a file is', (door, given) => {
  expect(doorFor(given)).toBe(door);
});

describe('a form that another app posted', () => {
  function form(fields: Record<string, string>, ...files: File[]): FormData {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    for (const each of files) data.append('files', each);
    return data;
  }
  const words = async (data: FormData): Promise<string> => (await readForm(data)[0]?.text()) ?? '';

  it('is a text, its title and its link, each once', async () => {
    expect(await words(form({ title: 'News', text: 'The ship sails.', url: 'https://example.org/' }))).toBe(
      'News\nThe ship sails.\nhttps://example.org/',
    );
    expect(await words(form({ title: 'A', text: 'A https://example.org/', url: 'https://example.org/' }))).toBe(
      'A https://example.org/',
    );
    expect(await words(form({ title: 'Same', text: 'Same' }))).toBe('Same');
  });

  it('is its files, whose title nobody wants translated', () => {
    const photo = file('photo.jpg', 'image/jpeg');
    expect(readForm(form({ title: 'photo.jpg' }, photo))).toEqual([photo]);
    expect(readForm(form({ text: 'Look!' }, photo)).map(({ name }) => name)).toEqual(['shared.txt', 'photo.jpg']);
  });

  it('may hold nothing', () => {
    expect(readForm(form({ text: '  ' }, new File([], '')))).toEqual([]);
  });
});

describe('the inbox', () => {
  it('keeps files until their screen is there, and says when they are open', async () => {
    const inbox = new Inbox();
    const seen: string[] = [];
    const given = inbox.give('see', [file('a.png')]).then(() => seen.push('open'));
    await Promise.resolve();
    expect(seen).toEqual([]);
    const leave = inbox.attend('see', (files) => {
      seen.push(...files.map(({ name }) => name));
    });
    await given;
    expect(seen).toEqual(['a.png', 'open']);
    leave();
    void inbox.give('see', [file('b.png')]);
    await Promise.resolve();
    expect(seen).toEqual(['a.png', 'open']);
  });

  it('hands a door only what is its own, once', async () => {
    const inbox = new Inbox();
    const listened: File[][] = [];
    inbox.attend('listen', (files) => void listened.push(files));
    void inbox.give('see', [file('a.png')]);
    await inbox.give('listen', [file('a.mp3')]);
    inbox.attend('listen', (files) => void listened.push(files));
    expect(listened.map((files) => files.map(({ name }) => name))).toEqual([['a.mp3']]);
  });
});
