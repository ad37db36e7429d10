export type { Identity, IdentityDeps } from './identity.ts';
export { openIdentity } from './open-identity.ts';
export { identitySettings, type IdentitySettings, type IdentitySettingsInput } from './settings.ts';
export { identitySchemaOnly } from './schema-only.ts';
export { appointFirst, type Appointment } from './duty/appoint-first.ts';
export { prepareIdentity } from './storage/provider-storage.ts';
export {
  exportAudit,
  lostSince,
  type VerifiedAudit,
  verifyAudit,
  verifyAuditExport,
} from './audit/audit-export.ts';
