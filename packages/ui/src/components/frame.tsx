import type { ComponentChildren, JSX } from 'preact';
import { chooseLocale, locale } from '../locale.ts';
import { uiText } from '../ui-text.ts';
import { Button } from './button.tsx';

/** One place that the bar on top leads to. */
export interface Place {
  readonly path: string;
  readonly word: string;
}

/** The frame of a face: skip link, bar with its name and places, the screen, the foot with the language. */
export function Frame(props: {
  name: string;
  home: string;
  places?: readonly Place[];
  path: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <>
      <a class="skip" href="#main">
        {uiText('skip')}
      </a>
      <header class="bar">
        <a class="bar__name" href={props.home}>
          {props.name}
        </a>
        {props.places && (
          <nav aria-label={uiText('places')}>
            {props.places.map(({ path, word }) => (
              <a key={path} href={path} aria-current={props.path === path ? 'page' : undefined}>
                {word}
              </a>
            ))}
          </nav>
        )}
        <div class="row">
          {props.aside}
          <LanguageSwitch />
        </div>
      </header>
      {props.children}
    </>
  );
}

/** Changes between Japanese and English; the button speaks the language it leads to. */
export function LanguageSwitch(): JSX.Element {
  const other = locale.value === 'ja' ? 'en' : 'ja';
  return (
    <Button
      kind="plain"
      lang={other}
      onClick={() => chooseLocale(other, localStorage, document.documentElement)}
    >
      {other === 'en' ? 'English' : '日本語'}
    </Button>
  );
}
