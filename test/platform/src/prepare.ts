import { prepareControls } from '@7pay/controls';
import { prepareEvents } from '@7pay/events';
import { prepareIdentity } from '@7pay/identity';
import { prepareLedger } from '@7pay/ledger';
import { prepareMerchant } from '@7pay/merchant';
import { prepareOperations } from '@7pay/operations';
import { preparePoints } from '@7pay/points';
import { prepareRefund } from '@7pay/refund';
import { prepareWallet } from '@7pay/wallet';
import type { Connection } from 'mongoose';

const parts = [
  prepareLedger,
  prepareEvents,
  prepareControls,
  prepareIdentity,
  prepareWallet,
  prepareMerchant,
  preparePoints,
  prepareRefund,
  prepareOperations,
];

/** Bumped with any change to a collection, validator or index: an older mark runs the preparation again. */
const LAYOUT = 11;

/**
 * Creates every collection, validator and index. A second start finds the mark and skips the work.
 * In production this runs as a job of its own, before the services (docs/running.md).
 */
export async function prepareDatabase(connection: Connection): Promise<void> {
  const marks = connection.collection<{ _id: string; layout: number }>('platform_layout');
  const mark = await marks.findOne({ _id: 'layout' });
  if (mark?.layout === LAYOUT) return;
  for (const prepare of parts) await prepare(connection);
  await marks.updateOne({ _id: 'layout' }, { $set: { layout: LAYOUT } }, { upsert: true });
}
