import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeIssuer } from '../testing/fake-issuer.ts';
import { requestTerminalToken, TerminalRefused } from './terminal-token.ts';

const issuer = 'http://localhost:4001';
afterEach(() => void vi.unstubAllGlobals());

async function aTerminal() {
  const server = fakeIssuer(issuer);
  vi.stubGlobal('fetch', server.answer);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, [
    'sign',
    'verify',
  ]);
  const ask = () =>
    requestTerminalToken({
      issuer,
      resource: 'http://localhost:4000/graphql',
      clientId: 'terminal-ter_1',
      key: privateKey,
    });
  return { server, publicKey, ask };
}
const read = (part: string | undefined) =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;

describe('the token of a terminal', () => {
  it('is asked for with an assertion that only its key can sign, made for the issuer', async () => {
    const { server, publicKey, ask } = await aTerminal();
    expect(await ask()).toEqual({ text: 'access-1', seconds: 300 });
    const sent = server.asked('/token')[0]?.body;
    expect(sent?.get('scope')).toBe('terminal');
    const [header, claims, signature] = sent?.get('client_assertion')?.split('.') ?? [];
    expect(read(header)).toMatchObject({ alg: 'ES256' });
    expect(read(claims)).toMatchObject({
      iss: 'terminal-ter_1',
      sub: 'terminal-ter_1',
      aud: issuer,
    });
    const signed = await crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      publicKey,
      Buffer.from(signature ?? '', 'base64url'),
      Buffer.from(`${header}.${claims}`),
    );
    expect(signed).toBe(true);
  });

  it('makes a new assertion each time', async () => {
    const { server, ask } = await aTerminal();
    await ask();
    await ask();
    const [first, second] = server.asked('/token').map(({ body }) => body.get('client_assertion'));
    expect(first).not.toBe(second);
  });

  it('is refused to a terminal that 7iD does not know', async () => {
    const { server, ask } = await aTerminal();
    server.settings.refuse = 'invalid_client';
    await expect(ask()).rejects.toThrow(TerminalRefused);
  });

  it('fails otherwise when 7iD is not there', async () => {
    const { server, ask } = await aTerminal();
    server.settings.down = true;
    await expect(ask()).rejects.toThrow(TypeError);
  });
});
