/** The language of a BCP-47 tag without script or region, in small letters: `pt` of `pt-BR`. */
export const primaryLanguage = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';
