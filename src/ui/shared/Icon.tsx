/** Line icons on a 24-unit grid, drawn for this page. Always decoration: the control around one carries the name. */
const PATHS = {
  swap: 'M7 4 3 8l4 4M3 8h14M17 12l4 4-4 4M21 16H7',
  copy: 'M9 9h10.5a.5.5 0 0 1 .5.5v10a.5.5 0 0 1-.5.5h-10a.5.5 0 0 1-.5-.5V9ZM15 9V4.5a.5.5 0 0 0-.5-.5h-10a.5.5 0 0 0-.5.5v10c0 .3.2.5.5.5H9',
  paste:
    'M9 5H5.5a.5.5 0 0 0-.5.5v15c0 .3.2.5.5.5h13a.5.5 0 0 0 .5-.5v-15a.5.5 0 0 0-.5-.5H15M9 3.5h6v4H9zM9 12h6M9 16h4',
  check: 'm4.5 12.5 5 5 10-11',
  close: 'm6 6 12 12M18 6 6 18',
  speak: 'M4 9.5v5h3.5L12 19V5L7.5 9.5H4ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11',
  stop: 'M7 7h10v10H7z',
  share: 'M10 13.5a4 4 0 0 0 5.7.3l3-3a4 4 0 0 0-5.6-5.7l-1 1M14 10.500a4 4 0 0 0-5.7-.3l-3 3a4 4 0 0 0 5.6 5.700l1-1',
  save: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.500M5 20h14',
  open: 'M4 19V5.500c0-.3.2-.5.5-.5H9l2 2.500h8.500c.3 0 .5.2.5.5v11a.5.5 0 0 1-.5.5h-15A.5.5 0 0 1 4 19Z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  history: 'M4.5 12a7.5 7.5 0 1 0 2.3-5.400L4.5 8.800M4.5 4v4.800h4.800M12 8v4.500l3 1.8',
  book: 'M5 5.500c0-.8.7-1.5 1.5-1.500H19v13H6.500c-.8 0-1.5.7-1.5 1.500v-13ZM5 18.500c0 .8.7 1.5 1.5 1.500H19v-3M9 8h6',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.800v4.400M9 14.800v4.400M13 7h2M7 17h2',
  keyboard: 'M3.5 6.500h17v11h-17zM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14h8',
  models: 'm12 3.5 8 4.25v8.500l-8 4.25-8-4.25v-8.500zM4 7.75l8 4.25 8-4.25M12 12v8.5',
  shield: 'M12 3.5 5 6v5.500c0 4.3 2.9 7.5 7 9 4.1-1.5 7-4.7 7-9V6zM9 12l2.2 2.200L15.2 10',
  warning: 'M12 4.5 3.5 19h17L12 4.500ZM12 10.500v4M12 16.800v.2',
  chevron: 'm7 10 5 5 5-5',
  trash: 'M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7M10.5 10.500v5.500M13.5 10.500v5.5',
  plus: 'M12 5v14M5 12h14',
  undo: 'M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.3 15.3 20 20',
  offline:
    'm4 4 16 16M8.5 8.600a5.5 5.5 0 0 0-.8 1.400A4 4 0 0 0 8 18h9.500M11 7.100a5.5 5.5 0 0 1 6.3 3.9 3.5 3.5 0 0 1 2.7 5',
  document: 'M6.5 3.500h7l4 4v13h-11zM13.5 3.500v4h4M9.5 12h5M9.5 15.500h5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
