import type { DeliveredMessage } from './message-carrier.ts';

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const row = ({ channel, to, subject, text, at }: DeliveredMessage): string => `<li>
<p><strong>${channel === 'mail' ? 'メール / Mail' : 'SMS'}</strong> ${escape(to)} <time datetime="${at.toISOString()}">${at.toISOString()}</time></p>
${subject === '' ? '' : `<p>${escape(subject)}</p>`}
<pre style="white-space: pre-wrap">${escape(text)}</pre>
</li>`;

/** What the carrier delivered, newest first. Plays the mailboxes and telephones of everybody. */
export const inboxPage = (delivered: readonly DeliveredMessage[], to: string): string =>
  `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>受信箱（サンドボックス）</title>
<link rel="stylesheet" href="/sandbox.css">
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>受信箱 / <span lang="en">Inbox</span></h1>
<p>サンドボックスが届けたメールとSMSです。<br><span lang="en">Mail and SMS that the sandbox delivered.</span></p>
<form method="get" action="/messages">
<p><label>宛先 / <span lang="en">Recipient</span><br><input name="to" value="${escape(to)}" autocomplete="off" maxlength="254"></label>
<button type="submit">見る / <span lang="en">Show</span></button></p>
</form>
${delivered.length === 0 ? '<p>まだありません。 / <span lang="en">Nothing yet.</span></p>' : `<ol reversed>${delivered.map(row).join('\n')}</ol>`}
</main>
</body>
</html>`;
