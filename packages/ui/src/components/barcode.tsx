import type { JSX } from 'preact';
import { code128Modules, type Modules, qrModules } from '../bars.ts';

/** CODE128 of an even number of digits. Black on white in both themes, with its quiet zone. */
export function Barcode({ digits, label }: { digits: string; label: string }): JSX.Element {
  return (
    <div class="barcode">
      <Picture modules={code128Modules(digits)} label={label} />
    </div>
  );
}

/** A QR code of a text. */
export function QrCode({ text, label }: { text: string; label: string }): JSX.Element {
  return (
    <div class="qrcode">
      <Picture modules={qrModules(text)} label={label} />
    </div>
  );
}

function Picture({ modules, label }: { modules: Modules; label: string }): JSX.Element {
  const { width, height, path } = modules;
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio={height === 1 ? 'none' : 'xMidYMid meet'}
      shape-rendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path d={path} fill="#000000" />
    </svg>
  );
}
