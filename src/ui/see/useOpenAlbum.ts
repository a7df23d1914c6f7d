import { useSyncExternalStore } from 'react';
import type { AlbumSnapshot, OpenAlbum } from './openAlbum.ts';

export const useOpenAlbum = (album: OpenAlbum): AlbumSnapshot => useSyncExternalStore(album.subscribe, album.snapshot);
