const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="/sandbox.css">
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>`;

/** The acquirer's page that takes a card number: the only place in the world where one is typed. */
export const entryPage = (fault = ''): string =>
  page(
    'カードの入力（サンドボックス）',
    `<p>架空のカード会社のページです。例：4111 1111 1111 1111（クレジット）、4900 0000 0000 0003（デビット）<br>
<span lang="en">A fictitious acquirer. Only numbers that are no real card.</span></p>
${fault === '' ? '' : `<p role="alert">${escape(fault)}</p>`}
<form method="post">
<p><label>カード番号 / <span lang="en">Card number</span><br><input name="number" inputmode="numeric" autocomplete="off" required maxlength="23"></label></p>
<p><label>有効期限 (YYYY-MM) / <span lang="en">Expires</span><br><input name="expires" value="2030-12" required pattern="20\\d\\d-(0[1-9]|1[0-2])"></label></p>
<p><label>セキュリティコード / <span lang="en">Security code</span><br><input name="securityCode" inputmode="numeric" autocomplete="off" required maxlength="4"></label></p>
<p><button type="submit">次へ / <span lang="en">Next</span></button></p>
</form>`,
  );

/** The card issuer's challenge of 3-D Secure 2. */
export const challengePage = (amountYen: number | null): string =>
  page(
    '3-Dセキュア（サンドボックス）',
    `<p>カード発行会社の本人確認です。${amountYen === null ? 'カードの登録' : `${amountYen}円のチャージ`}<br>
<span lang="en">The card issuer asks whether it is you.</span></p>
<form method="post">
<p><button type="submit" name="answer" value="yes">本人です / <span lang="en">It is me</span></button></p>
<p><button type="submit" name="answer" value="no">認証しない / <span lang="en">It is not</span></button></p>
</form>`,
  );
