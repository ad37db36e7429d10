import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { send } from '../testing/raw-request.ts';
import { smallGateway } from '../testing/small-gateway.ts';

const GRAPHQL = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';

describe('an answer that asks for a login made now', () => {
  it('says so in WWW-Authenticate, with how old it may be, in either form (RFC 9470)', async () => {
    const extensions = { code: 'REAUTHENTICATION_REQUIRED', maxAge: 3_600, secret: 'x' };
    const strict = await smallGateway({
      reach: {
        call: async () => ({
          data: { hello: null },
          errors: [new GraphQLError('Please log in again.', { path: ['hello'], extensions })],
        }),
        close: async () => {},
      },
    });
    for (const accept of [GRAPHQL, JSON_TYPE]) {
      const answer = await send(strict.port, '/graphql', {
        method: 'POST',
        headers: { 'content-type': JSON_TYPE, accept },
        chunks: ['{"query":"{ hello }"}'],
      });
      expect(answer.headers['www-authenticate']).toBe(
        'Bearer error="insufficient_user_authentication", error_description="A more recent authentication is required", max_age="3600"',
      );
      expect(JSON.parse(answer.text)).toMatchObject({
        data: { hello: null },
        errors: [{ extensions: { code: 'REAUTHENTICATION_REQUIRED', maxAge: 3_600 } }],
      });
      expect(answer.text).not.toContain('secret');
    }
    await strict.stop();
  });
});
