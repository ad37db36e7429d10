import { describe, expect, it } from 'vitest';
import { startCommand } from './snippet.ts';

describe('the command that starts an app', () => {
  it('has the values of the app that was just registered', () => {
    const app = { issuer: 'http://localhost:4001', id: 'app-1', secret: 's3cret' };
    expect(startCommand({ ...app, redirectUri: 'http://localhost:4100/callback' })).toBe(
      'ISSUER=http://localhost:4001 OWN_URL=http://localhost:4100 CLIENT_ID=app-1 CLIENT_SECRET=s3cret npx node examples/partner-app/main.ts',
    );
  });
});
