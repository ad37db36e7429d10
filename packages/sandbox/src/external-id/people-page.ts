/** A person with an account at the sandbox's provider. */
export interface ExternalPerson {
  /** The subject at the provider. */
  readonly sub: string;
  readonly name: string;
  /** A mail address, told with every login and called verified. */
  readonly mail?: string;
  /** The organisation that the account belongs to (`hd` of Google). */
  readonly organisation?: string;
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The provider's login page: a button per person. Plain on purpose: it plays somebody else's site. */
export function peoplePage(
  providerName: string,
  action: string,
  people: readonly ExternalPerson[],
  look = '/sandbox.css',
): string {
  const buttons = people.map(
    ({ sub, name }) =>
      `<p><button type="submit" name="person" value="${escape(sub)}">${escape(name)}</button></p>`,
  );
  return `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(providerName)} ログイン</title>
<link rel="stylesheet" href="${escape(look)}">
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>${escape(providerName)}</h1>
<p>サンドボックスの外部ID（架空の提供元）です。ログインする人を選んでください。<br>
<span lang="en">An external ID of the sandbox: a fictitious provider. Choose who logs in.</span></p>
<form method="post" action="${escape(action)}">
${buttons.join('\n')}
<p><button type="submit" name="person" value="">キャンセル / <span lang="en">Cancel</span></button></p>
</form>
</main>
</body>
</html>`;
}

/** Its look. */
export const PEOPLE_CSS = `:root{color-scheme:light dark}
body{font-family:"Noto Sans JP","Noto Sans CJK JP","Hiragino Sans",sans-serif;line-height:1.75;margin:0}
main{max-width:32rem;margin:0 auto;padding:2rem 1rem}
button{font:inherit;min-height:48px;width:100%;padding:.5rem 1rem;border-radius:8px}`;
