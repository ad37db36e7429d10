/** What the example of a partner's app is started with, as one command. */
export function startCommand(app: {
  readonly issuer: string;
  readonly id: string;
  readonly secret: string;
  readonly redirectUri: string | undefined;
}): string {
  const own = app.redirectUri === undefined ? '' : `OWN_URL=${new URL(app.redirectUri).origin} `;
  const client = `CLIENT_ID=${app.id} CLIENT_SECRET=${app.secret}`;
  return `ISSUER=${app.issuer} ${own}${client} npx node examples/partner-app/main.ts`;
}
