import type { ClientSession, Connection } from 'mongoose';
import type { MemberStore } from '../account/member.store.ts';
import { recoveryModel } from '../recovery/recovery.store.ts';
import { resetModels } from './reset.store.ts';

/**
 * Whatever is open to set a password of a member ends in the transaction that sets one, and in the one in which support lets them
 * in again: it rests on the password of before, or on a proof of before. The reset that sets the password has been taken by then.
 */
export function endOpenResets(members: MemberStore, connection: Connection): MemberStore {
  const { pending } = resetModels(connection);
  const recoveries = recoveryModel(connection);
  const end = async (memberId: string, session: ClientSession): Promise<void> => {
    await pending.deleteMany({ memberId }, { session });
    await recoveries.deleteMany({ memberId }, { session });
  };
  return {
    ...members,
    setPassword: async (id, made, session) => {
      await members.setPassword(id, made, session);
      await end(id, session);
    },
    setFirstPassword: async (id, made, session) => {
      const set = await members.setFirstPassword(id, made, session);
      if (set) await end(id, session);
      return set;
    },
    unlock: async (id, session, order) => {
      const unlocked = await members.unlock(id, session, order);
      if (unlocked) await end(id, session);
      return unlocked;
    },
  };
}
