import type { Controls } from '@7pay/controls';
import type { Outbox } from '@7pay/events';
import type { IdSource } from '@7pay/ids';
import type { UnitOfWork } from '@7pay/mongo';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { loginsEndedEvent } from '../account/logins-ended-event.ts';
import type { MemberStore } from '../account/member.store.ts';
import type { PasskeyStore } from '../login/passkey.store.ts';
import type { ExternalIdChanged } from './changed.ts';
import type { ExternalIdStore } from './external-id.store.ts';
import { hasOtherWay, isProviderOpen } from './ways-in.ts';

declareRefusals('identity/external-id/unlink-external-id', {
  EXTERNAL_ID_NOT_LINKED: {
    ja: 'この外部IDは連携されていません。',
    en: 'This external ID is not linked.',
  },
  LAST_WAY_IN: {
    ja: 'ほかにログインの方法がないため解除できません。先にパスキーかパスワードを設定してください。',
    en: 'This is your only way to log in. Please set up a passkey or a password first.',
  },
});

export type UnlinkExternalId = (
  memberId: string,
  provider: string,
) => Promise<{ provider: string } | Refused<'EXTERNAL_ID_NOT_LINKED' | 'LAST_WAY_IN'>>;

/**
 * Takes an external ID from a member, never the last way in. Every login of the member ends with it, for who came in by
 * that ID must not stay. Two at once are decided one after the other: both write the member.
 */
export const unlinkExternalId =
  (deps: {
    unitOfWork: UnitOfWork;
    members: MemberStore;
    passkeys: PasskeyStore;
    externalIds: ExternalIdStore;
    controls: Pick<Controls, 'look'>;
    outbox: Outbox;
    clock: Clock;
    ids: IdSource;
  }): UnlinkExternalId =>
  (memberId, provider) => {
    const { members, passkeys, externalIds, controls, outbox, clock, ids } = deps;
    const isOpen = isProviderOpen(controls);
    return deps
      .unitOfWork(async (session) => {
        const at = clock.now();
        const before = await members.endLogins(memberId, at, session);
        const linked = await externalIds.ofMember(memberId, session);
        if (!before || !linked.some((one) => one.provider === provider)) {
          return undone(refuse('EXTERNAL_ID_NOT_LINKED'));
        }
        const providers = linked.map((one) => one.provider).filter((one) => one !== provider);
        const ways = {
          hasPassword: before.hasPassword,
          passkeys: await passkeys.countOf(memberId, session),
          providers,
        };
        if (!hasOtherWay(ways, isOpen)) return undone(refuse('LAST_WAY_IN'));
        await externalIds.remove(memberId, provider, session);
        await outbox.append(
          session,
          loginsEndedEvent(ids.next('evt'), { memberId, reason: 'EXTERNAL_ID_UNLINKED' }, at),
        );
        const body: ExternalIdChanged = { memberId, provider, change: 'UNLINKED' };
        const event = { id: ids.next('evt'), name: 'identity.external-id.changed.v1', body };
        await outbox.append(session, { ...event, at: at.toISOString() });
        return { provider };
      })
      .catch((error: unknown) => {
        if (error instanceof Undone) return error.refused;
        throw error;
      });
  };

type UnlinkRefused = Refused<'EXTERNAL_ID_NOT_LINKED' | 'LAST_WAY_IN'>;

/** Rolls the transaction back: a refusal ends nobody's logins. */
class Undone extends Error {
  readonly refused: UnlinkRefused;
  constructor(refused: UnlinkRefused) {
    super('refused');
    this.refused = refused;
  }
}
function undone(refused: UnlinkRefused): never {
  throw new Undone(refused);
}
