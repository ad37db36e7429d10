import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { isoCBOR } from '@simplewebauthn/server/helpers';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_KEY = 0x40;

/**
 * An authenticator in software: ES256, one key per registration, in the byte formats of WebAuthn Level 3.
 * `verifiesUser: false` plays one that only notices a touch.
 */
export function anAuthenticator(origin: string, options: { verifiesUser?: boolean } = {}) {
  const keys = new Map<string, { privateKey: KeyObject; userHandle: string; counter: number }>();
  const user = USER_PRESENT | (options.verifiesUser === false ? 0 : USER_VERIFIED);

  const clientData = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const head = (rpId: string, flags: number, counter: number) => {
    const bytes = Buffer.alloc(5);
    bytes[0] = flags;
    bytes.writeUInt32BE(counter, 1);
    return Buffer.concat([sha256(rpId), bytes]);
  };

  return {
    create: ({ challenge, rp, user: person }: PublicKeyCredentialCreationOptionsJSON): string => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const id = randomBytes(32);
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      const coordinate = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
      const cose = isoCBOR.encode(
        new Map<number, number | Uint8Array>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, coordinate(x)],
          [-3, coordinate(y)],
        ]) as never,
      );
      const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
      const authData = Buffer.concat([head(rp.id ?? '', user | HAS_KEY, 0), credential]);
      const attestation = isoCBOR.encode(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', new Uint8Array(authData)],
        ]) as never,
      );
      keys.set(base64url(id), { privateKey, userHandle: person.id, counter: 0 });
      const response: RegistrationResponseJSON = {
        id: base64url(id),
        rawId: base64url(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', challenge)),
          attestationObject: base64url(attestation),
          transports: ['internal'],
        },
      };
      return JSON.stringify(response);
    },

    get: ({
      challenge,
      rpId = '',
      allowCredentials = [],
    }: PublicKeyCredentialRequestOptionsJSON): string => {
      const allowed = allowCredentials.map(({ id }) => id);
      const [id = '', key] =
        [...keys].find(([one]) => allowed.length === 0 || allowed.includes(one)) ??
        [...keys][0] ??
        [];
      if (!key) throw new Error('this authenticator has no key');
      key.counter += 1;
      const authData = head(rpId, user, key.counter);
      const data = clientData('webauthn.get', challenge);
      const signature = sign('sha256', Buffer.concat([authData, sha256(data)]), key.privateKey);
      const response: AuthenticationResponseJSON = {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(data),
          authenticatorData: base64url(authData),
          signature: base64url(signature),
          userHandle: key.userHandle,
        },
      };
      return JSON.stringify(response);
    },
  };
}
