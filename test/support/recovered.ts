import { openOutbox } from '@7pay/events';
import { unitOfWork } from '@7pay/mongo';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** As 7iD tells it when a member recovered a forgotten password so many hours ago. */
export async function tellRecovered(
  { platform }: Pick<PlatformUnderTest, 'platform'>,
  memberId: string,
  hoursAgo = 1,
): Promise<void> {
  const { connection } = platform;
  const at = new Date(Date.now() - hoursAgo * 3_600_000);
  const until = new Date(at.getTime() + 24 * 3_600_000);
  await unitOfWork(connection)((session) =>
    openOutbox(connection).append(session, {
      id: `evt_${memberId}`,
      name: 'identity.password.recovered.v1',
      at: at.toISOString(),
      body: {
        memberId,
        clientId: 'seven-eleven-app',
        recoveredAt: at.toISOString(),
        coolsUntil: until.toISOString(),
        by: [],
      },
    }),
  );
}
