import { declareRefusals } from '@7pay/refusals';
import { z } from 'zod';

/** A provider of external IDs that members may log in with. */
export const externalProviderSetting = z.strictObject({
  /** Part of the switch `login.external.<key>` and of the `amr` value `fed:<key>`. */
  key: z.string().regex(/^[a-z0-9]{1,30}$/),
  name: z.object({ ja: z.string().min(1).max(40), en: z.string().min(1).max(40) }),
  issuer: z.url(),
  clientId: z.string().min(1).max(200),
  clientSecret: z.string().min(1).max(500),
});
export type ExternalProvider = z.infer<typeof externalProviderSetting>;

export type ExternalIdRefusal = 'EXTERNAL_ID_UNAVAILABLE' | 'EXTERNAL_ID_REJECTED';

declareRefusals('identity/external-id/external-id', {
  EXTERNAL_ID_UNAVAILABLE: {
    ja: '外部IDの提供元につながりません。少し待ってからお試しいただくか、別の方法でログインしてください。',
    en: 'The external ID cannot be reached. Please try again later, or log in another way.',
  },
  EXTERNAL_ID_REJECTED: {
    ja: '外部IDでのログインを確認できませんでした。はじめからやり直してください。',
    en: 'We could not verify the login by external ID. Please start again.',
  },
});
