import type { ManifestOptions } from 'vite-plugin-pwa';
import { SHARE_ACTION } from './src/protocol/shared.ts';

/** What the doors open, by media type: for the file manager, and for other apps that share. */
const FILES = {
  'text/plain': ['.txt', '.text'],
  'text/markdown': ['.md', '.markdown'],
  'application/x-subrip': ['.srt'],
  'text/vtt': ['.vtt'],
  'image/jpeg': ['.jpg', '.jpeg', '.jfif'],
  'image/png': ['.png'],
  'image/webp': ['.webp'],
  'image/avif': ['.avif'],
  'image/gif': ['.gif'],
  'image/svg+xml': ['.svg'],
  'image/bmp': ['.bmp'],
  'image/heic': ['.heic', '.heif'],
  'audio/mpeg': ['.mp3'],
  'audio/mp4': ['.m4a'],
  'audio/aac': ['.aac'],
  'audio/wav': ['.wav'],
  'audio/flac': ['.flac'],
  'audio/ogg': ['.ogg', '.oga', '.opus'],
  'audio/webm': ['.weba'],
  'video/mp4': ['.mp4', '.m4v'],
  'video/quicktime': ['.mov'],
  'video/webm': ['.webm'],
  'video/x-matroska': ['.mkv'],
};

const door = (id: string, name: string, icon: string): NonNullable<ManifestOptions['shortcuts']>[number] => ({
  name,
  url: `./#${id}`,
  icons: [{ src: icon, sizes: '96x96', type: 'image/png' }],
});

/** Taken by `npm run screenshot`. */
const screenshot = (name: string, label: string, form: 'wide' | 'narrow') => ({
  src: `screenshots/${name}-${form}.webp`,
  sizes: form === 'wide' ? '1280x720' : '540x960',
  type: 'image/webp',
  form_factor: form,
  label,
});

/**
 * What the system knows of the installed app. Every address is relative to the manifest, so that one build works in any
 * folder of a host. It has no `id`: an id is resolved against the host alone, so that two copies of Glossa in two folders
 * of one host would be one app. Without it the app is known by `start_url`, which is the folder.
 */
export const webManifest = {
  name: 'Glossa',
  short_name: 'Glossa',
  description:
    'Translate text, write down speech and describe pictures on your own device: nothing you type, say or show leaves the page.',
  lang: 'en',
  dir: 'ltr',
  start_url: './',
  scope: './',
  display: 'standalone',
  background_color: '#f7f5f0',
  theme_color: '#f7f5f0',
  categories: ['productivity', 'utilities', 'education'],
  icons: [
    { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
    { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
  screenshots: [
    screenshot('translate', 'Translating a letter', 'wide'),
    screenshot('listen', 'A recording with its captions and their translation', 'wide'),
    screenshot('see', 'A picture with its text, and where the model looked', 'wide'),
    screenshot('translate', 'Translating a letter', 'narrow'),
    screenshot('listen', 'A recording with its captions and their translation', 'narrow'),
    screenshot('see', 'A picture with its text, and where the model looked', 'narrow'),
  ],
  shortcuts: [
    door('translate', 'Translate', 'shortcut-translate-96.png'),
    door('listen', 'Listen', 'shortcut-listen-96.png'),
    door('see', 'See', 'shortcut-see-96.png'),
  ],
  share_target: {
    action: `./${SHARE_ACTION}`,
    method: 'POST',
    enctype: 'multipart/form-data',
    params: {
      title: 'title',
      text: 'text',
      url: 'url',
      files: [{ name: 'files', accept: ['image/*', 'audio/*', 'video/*', ...Object.entries(FILES).flat(2)] }],
    },
  },
  file_handlers: [{ action: './', accept: FILES }],
  // One window: files and shortcuts come to the one that is open, whose work goes on (src/ui/given/launches.ts).
  launch_handler: { client_mode: 'focus-existing' },
} satisfies Partial<ManifestOptions>;
