import type { JSX } from 'preact';

const paths = {
  done: 'M4 12.5 9.5 18 20 6.5',
  stop: 'M5 5l14 14M19 5 5 19',
  wait: 'M12 6v6l4 2.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  care: 'M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.3',
  back: 'M14.5 5 8 12l6.5 7',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 9v6M12 9v6M16 9v6',
  plus: 'M12 5v14M5 12h14',
  bell: 'M6 17h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v4.5zM10 20h4M12 3v2',
} as const;

/** The names of the drawings. */
export type IconName = keyof typeof paths;

/** A drawing beside a word; it says nothing by itself, so it is hidden from readers. */
export function Icon({ name, size = '1.25em' }: { name: IconName; size?: string }): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="2.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
