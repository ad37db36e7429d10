const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (body: string): string => `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ATM（サンドボックス）</title>
<link rel="stylesheet" href="/sandbox.css">
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>ATM</h1>
${body}
</main>
</body>
</html>`;

/** The screen of a machine: a code, an amount, and whether the machine takes the notes. Plays somebody else's site. */
export const atmPage = (): string =>
  page(`<p>サンドボックスのATMです。7payの「チャージ」に表示されるコードの番号を入れてください。<br>
<span lang="en">An ATM of the sandbox. Type the digits of the code that the wallet shows.</span></p>
<form method="post" action="/atm">
<p><label>コード / <span lang="en">Code</span><br><input name="code" inputmode="numeric" autocomplete="off" required maxlength="64"></label></p>
<p><label>金額（円） / <span lang="en">Yen</span><br><input name="amount" inputmode="numeric" value="3000" required maxlength="6"></label></p>
<p><button type="submit" name="machine" value="takes">入金する / <span lang="en">Pay in</span></button></p>
<p><button type="submit" name="machine" value="jams">紙幣が戻る / <span lang="en">The notes come back</span></button></p>
</form>`);

/** What the machine says at the end. */
export const atmEndPage = (said: string): string =>
  page(`<p role="status">${escape(said)}</p>
<p><a href="/atm">もう一度 / <span lang="en">Again</span></a></p>`);
