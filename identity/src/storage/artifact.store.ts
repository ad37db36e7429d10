import { digest } from '@7pay/ids';
import { defineModel, isDuplicateKey } from '@7pay/mongo';
import type { Clock } from '@7pay/time';
import { type Connection, Schema } from 'mongoose';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { memberModel } from '../account/member.store.ts';
import type { ProofFacts } from '../gate/login-record.ts';
import { loginRecordId, loginRecordModel } from '../gate/login-record.store.ts';
import { INTERACTION_SECONDS } from '../lifetimes.ts';
import { gather, gatheredWrite } from './gathered-writes.ts';
import { knownDeviceModel } from '../new-device/known-device.store.ts';
import { deviceKeys } from '../new-device/known-device.ts';
import { aheadOr, findAhead, type Foreign } from './read-ahead.ts';
import { sessionModels } from './session.store.ts';

/**
 * One thing of the protocol: a code, a token, a grant, an interaction. The id is kept as its digest, because
 * for tokens the id is the secret itself: who reads the database can use none of them. The payload is JSON text:
 * it holds names that others chose (claims, client ids), which must never become paths of the database.
 * What is searched for stands beside it.
 */
interface ArtifactDocument {
  _id: string;
  payload: string;
  grantId?: string;
  userCode?: string;
  accountId?: string;
  clientId?: string;
  /** The ids of what is read with a code or a refresh token. */
  grantDigest?: string;
  sessionUid?: string;
  loginId?: string;
  /** Of an interaction: by what the device of the member who has just logged in may be known. */
  deviceKeys?: string[];
  consumedAt?: Date;
  expiresAt?: Date;
}

/** What goes with its grant: a revoked grant takes all of them with it, each found by its `grantId`. */
export const GRANTABLE = [
  'AccessToken',
  'AuthorizationCode',
  'BackchannelAuthenticationRequest',
  'DeviceCode',
  'PreAuthorizedCode',
  'RefreshToken',
] as const;

/** The models of the library that are kept this way; Session and Client have stores of their own. */
export const ARTIFACTS = {
  AccessToken: 'identity_accessToken',
  AuthorizationCode: 'identity_authorizationCode',
  BackchannelAuthenticationRequest: 'identity_backchannelAuthenticationRequest',
  ClientCredentials: 'identity_clientCredentials',
  DeviceCode: 'identity_deviceCode',
  Grant: 'identity_grant',
  InitialAccessToken: 'identity_initialAccessToken',
  Interaction: 'identity_interaction',
  PreAuthorizedCode: 'identity_preAuthorizedCode',
  PushedAuthorizationRequest: 'identity_pushedAuthorizationRequest',
  RefreshToken: 'identity_refreshToken',
  RegistrationAccessToken: 'identity_registrationAccessToken',
  ReplayDetection: 'identity_replayDetection',
} as const;
export type ArtifactName = keyof typeof ARTIFACTS;

export const isArtifactName = (name: string): name is ArtifactName =>
  Object.hasOwn(ARTIFACTS, name);

function artifactSchema(): Schema<ArtifactDocument> {
  const schema = new Schema<ArtifactDocument>(
    {
      _id: { type: String, required: true },
      payload: { type: String, required: true },
      grantId: String,
      userCode: String,
      accountId: String,
      clientId: String,
      grantDigest: String,
      sessionUid: String,
      loginId: String,
      deviceKeys: { type: [String], default: undefined },
      consumedAt: Date,
      expiresAt: Date,
    },
    { versionKey: false },
  );
  schema.index({ grantId: 1 }, { sparse: true });
  schema.index({ userCode: 1 }, { unique: true, sparse: true });
  // Housekeeping only: what has expired is refused by its own `exp` long before it is swept away.
  schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  return schema;
}

export const artifactModel = (connection: Connection, name: ArtifactName) =>
  defineModel(connection, ARTIFACTS[name], artifactSchema());

/** What an authorization request writes together, at its end (gathered-writes.ts). */
const GATHERED: ReadonlySet<ArtifactName> = new Set<ArtifactName>([
  'AuthorizationCode',
  'Grant',
  'Interaction',
]);

/** What is said when a request would use an interaction up that another one has. */
export const USED_UP = 'the interaction was used up';

/** What is taken at the token endpoint, which then looks at the login it rests on. */
const RESTS_ON_LOGIN: ReadonlySet<ArtifactName> = new Set<ArtifactName>([
  'AuthorizationCode',
  'RefreshToken',
]);

const POLLED: ReadonlySet<ArtifactName> = new Set<ArtifactName>([
  'DeviceCode',
  'BackchannelAuthenticationRequest',
]);
const POLLED_TWICE_MS = 30_000;

/**
 * The library's storage contract for one model. It reads first and consumes after, so the consuming is
 * conditional here: of any number of callers exactly one succeeds, the others get `invalid_grant`.
 */
export function openArtifactStore(
  connection: Connection,
  name: ArtifactName,
  clock: Clock,
): Adapter {
  const artifacts = artifactModel(connection, name);
  const member: Foreign<ArtifactDocument> = { model: memberModel(connection), id: 'accountId' };
  const along: readonly Foreign<ArtifactDocument>[] = RESTS_ON_LOGIN.has(name)
    ? [
        member,
        { model: artifactModel(connection, 'Grant'), id: 'grantDigest' },
        { model: sessionModels(connection).sessions, id: 'sessionUid' },
        { model: loginRecordModel(connection), id: 'loginId' },
      ]
    : name === 'Interaction'
      ? [member, { model: knownDeviceModel(connection), id: 'deviceKeys' }]
      : [];

  // Whether a pushed request was used is asked at the end of the pages it leads to (a login, a consent): swept before, it is not.
  const keptAfterSeconds = name === 'PushedAuthorizationRequest' ? 2 * INTERACTION_SECONDS : 0;

  const toDocument = ({ jti, ...payload }: AdapterPayload) => {
    const { grantId, userCode, clientId, sessionUid, authTime, exp } = payload;
    // Of an interaction, whoever has just logged in.
    const login = payload.result?.login as { accountId?: string; facts?: ProofFacts } | undefined;
    const accountId = payload.accountId ?? login?.accountId;
    const device = login?.facts && accountId && { ...login.facts, memberId: accountId };
    const restsOnLogin = RESTS_ON_LOGIN.has(name) && sessionUid !== undefined;
    return {
      // found by its user code, its id must be told; found by its id, it is known
      payload: JSON.stringify(userCode === undefined ? payload : { ...payload, jti }),
      ...(grantId !== undefined && { grantId }),
      ...(userCode !== undefined && { userCode }),
      ...(accountId !== undefined && { accountId }),
      ...(device && { deviceKeys: deviceKeys(device) }),
      ...(clientId !== undefined && { clientId }),
      ...(restsOnLogin && {
        sessionUid,
        ...(grantId !== undefined && { grantDigest: digest(grantId) }),
        ...(authTime !== undefined && {
          loginId: loginRecordId({ sessionUid, atSeconds: authTime }),
        }),
      }),
      // the library's own instant, on the clock that also sweeps
      ...(exp !== undefined && { expiresAt: new Date((exp + keptAfterSeconds) * 1_000) }),
    };
  };

  // Of a used code the library takes the whole grant back: right for one that was stolen, wrong for a screen or a till that
  // polls twice at once, whose first poll has not got its tokens yet. Its second one fails at the consuming.
  const seen = (document: ArtifactDocument | null): ArtifactDocument | null => {
    if (!document?.consumedAt || !POLLED.has(name)) return document;
    const usedMs = clock.now().getTime() - document.consumedAt.getTime();
    if (usedMs > POLLED_TWICE_MS) return document;
    const { consumedAt: _, ...unused } = document;
    return unused;
  };

  const nameOf = (_id: string) => `${name}|${_id}`;

  return {
    upsert: async (id, payload) => {
      const _id = digest(id);
      const document = toDocument(payload);
      if (name === 'ReplayDetection') {
        // Insert only: the library looks first and writes after, which two copies of a proof pass together.
        await artifacts.create([{ _id, ...document }]).catch((error: unknown) => {
          throw isDuplicateKey(error) ? new errors.InvalidGrant('already used') : error;
        });
        return;
      }
      // `consumedAt` is not among the fields that are set: saving again never makes a used thing new.
      const [filter, update] = [{ _id }, { $set: document }];
      const write = { name: 'updateOne', into: artifacts, filter, update, upsert: true } as const;
      if (GATHERED.has(name) && gather({ [nameOf(_id)]: { ...write, otherwise: null } })) return;
      const save = () => artifacts.updateOne(filter, update, { upsert: true });
      // Two that save the same new thing at once: the second finds it there and saves over it.
      await save().catch((error: unknown) => {
        if (!isDuplicateKey(error) || document.userCode !== undefined) throw error;
        return save();
      });
    },
    find: async (id) => {
      const _id = digest(id);
      const waits = gatheredWrite(nameOf(_id));
      if (waits?.name === 'deleteOne') return undefined;
      if (waits?.name === 'updateOne') {
        const { $set } = waits.update as { $set: ReturnType<typeof toDocument> };
        return toPayload({ _id, ...$set }, id);
      }
      const found = await aheadOr(artifacts, _id, () => findAhead(artifacts, _id, along));
      return toPayload(seen(found), id);
    },
    findByUserCode: async (userCode) => toPayload(await artifacts.findOne({ userCode }).lean()),
    findByUid: async () => undefined, // sessions have a store of their own
    consume: async (id) => {
      const consumed = await artifacts.updateOne(
        { _id: digest(id), consumedAt: { $exists: false } },
        { $set: { consumedAt: clock.now() } },
      );
      if (consumed.matchedCount === 1) return;
      throw name === 'PushedAuthorizationRequest'
        ? new errors.InvalidRequestUri('request_uri was already used')
        : new errors.InvalidGrant('already used');
    },
    destroy: async (id) => {
      const _id = digest(id);
      // An interaction that is used up twice at once is used up once.
      const write = { into: artifacts, filter: { _id }, otherwise: USED_UP };
      const ending = { [nameOf(_id)]: { name: 'deleteOne', ...write } } as const;
      if (name === 'Interaction' && gather(ending)) return;
      await artifacts.deleteOne({ _id });
    },
    revokeByGrantId: async (grantId) => {
      await artifacts.deleteMany({ grantId });
    },
  };
}

function toPayload(document: ArtifactDocument | null, jti?: string): AdapterPayload | undefined {
  if (!document) return undefined;
  const kept = JSON.parse(document.payload) as AdapterPayload;
  const payload = jti === undefined ? kept : { ...kept, jti };
  const { consumedAt } = document;
  return consumedAt ? { ...payload, consumed: Math.floor(consumedAt.getTime() / 1_000) } : payload;
}
