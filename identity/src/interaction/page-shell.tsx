import type { Locale } from '@7pay/refusals';
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { wordsOf } from './words.ts';

/** What every page shows around its content. */
export interface Frame {
  readonly locale: Locale;
  readonly title: string;
  /** The address of this page in the other language; null where the page cannot be asked for again. */
  readonly otherLanguage: string | null;
  readonly help: string | undefined;
  /** Whether the page uses passkeys. */
  readonly script?: boolean;
}

function Shell({ frame, children }: { frame: Frame; children: ComponentChildren }): VNode {
  const { locale, title, otherLanguage, help, script = false } = frame;
  const words = wordsOf(locale);
  const other = locale === 'ja' ? 'en' : 'ja';
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title === words.title ? title : `${title} — ${words.title}`}</title>
        <link rel="stylesheet" href="/look.css" />
        <link rel="icon" href="data:," />
        {script && <script src="/passkey.js" defer />}
      </head>
      <body>
        <main class="page stack">
          <p class="muted">
            <strong>{words.title}</strong>
          </p>
          {children}
          <div class="row">
            {otherLanguage !== null && (
              <a href={otherLanguage} hreflang={other} lang={other} rel="nofollow">
                {words.otherLanguage}
              </a>
            )}
            {help !== undefined && <a href={help}>{words.help}</a>}
          </div>
        </main>
      </body>
    </html>
  );
}

/** A whole document. */
export const renderPage = (frame: Frame, content: VNode): string =>
  `<!doctype html>${renderToString(<Shell frame={frame}>{content}</Shell>)}`;

/** What went wrong, before the form; read aloud at once. */
export function Problem({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p class="notice notice--danger" role="alert" id="problem">
      {text}
    </p>
  );
}

/** A labelled input, its hint tied to it. */
export function Field(props: {
  name: string;
  /** When another field on the page has the same name. */
  id?: string;
  label: string;
  type: 'email' | 'password' | 'text';
  autocomplete: string;
  value?: string | undefined;
  hint?: string | undefined;
  invalid?: boolean | undefined;
  maxLength: number;
}) {
  const { name, label, type, autocomplete, value, hint, invalid, maxLength } = props;
  const { id = name } = props;
  const hintId = `${id}-hint`;
  const described = [hint !== undefined && hintId, invalid === true && 'problem'].filter(Boolean);
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
      </label>
      <input
        id={id}
        name={name}
        {...({ type } as { type: 'text' })}
        autocomplete={autocomplete}
        {...(value !== undefined && { value })}
        maxlength={maxLength}
        required
        autocapitalize="none"
        spellcheck={false}
        {...(described.length > 0 && { 'aria-describedby': described.join(' ') })}
        {...(invalid === true && { 'aria-invalid': 'true' })}
      />
      {hint !== undefined && (
        <p class="field__hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** The hidden proof that a form came from a page of this interaction. */
export const FormToken = ({ token }: { token: string }) => (
  <input type="hidden" name="form" value={token} />
);
