import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

let firstPage = true;

/**
 * One screen. It names the window and, after a change of route, puts the focus on its heading, so that a
 * reader hears where it is. The first screen of a visit leaves the focus where the browser put it.
 */
export function Page(props: {
  title: string;
  /** The name of the face, for the window's title. */
  face: string;
  wide?: boolean;
  /** The heading is there for readers, while the screen shows something larger. */
  quietTitle?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} – ${props.face}`;
  }, [props.title, props.face]);
  useEffect(() => {
    // A screen that waits for a scanner has taken the focus already: it keeps it.
    const taken = heading.current?.parentElement?.contains(document.activeElement);
    if (!firstPage && !taken) heading.current?.focus();
    firstPage = false;
  }, []);
  return (
    <main id="main" class={`page stack stack--loose${props.wide ? ' page--wide' : ''}`}>
      <h1 ref={heading} tabIndex={-1} class={props.quietTitle ? 'visually-hidden' : ''}>
        {props.title}
      </h1>
      {props.children}
    </main>
  );
}
