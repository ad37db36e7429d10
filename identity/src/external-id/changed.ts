import { z } from 'zod';

/** The body of `identity.external-id.changed.v1`: an external ID was linked to a member, or taken from one. */
export const externalIdChanged = z.object({
  memberId: z.string().regex(/^mem_[0-9a-z_]{1,64}$/),
  provider: z.string().regex(/^[a-z0-9]{1,30}$/),
  change: z.enum(['LINKED', 'UNLINKED']),
});
export type ExternalIdChanged = z.infer<typeof externalIdChanged>;
