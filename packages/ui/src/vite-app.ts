import type { Plugin, UserConfig } from 'vite';
import { lookCss } from './look.ts';

const name = 'virtual:look.css';
const resolved = '/look.virtual.css';

/** Gives the shared look to a face as a style sheet file of its own origin, so that the CSP stays strict. */
function look(): Plugin {
  return {
    name: '7pay-look',
    resolveId: (id) => (id === name ? resolved : null),
    load: (id) => (id === resolved ? lookCss : null),
  };
}

/**
 * The build of a face that the platform serves under `base`. This is the package's door for builds, apart
 * from `index.ts`, because it is read by vite in node and not by a page.
 */
export function viteApp(base: `/${string}/`): UserConfig {
  return {
    base,
    plugins: [look()],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      target: 'es2023',
      outDir: 'dist',
      // Nothing is put into the page as data: or inline script; everything is a file.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  };
}
