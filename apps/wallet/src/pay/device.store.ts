import { type BrowserRow, browserRow } from '@7pay/ui';

/** What this browser keeps of its device. No key in it can be read out, by its making. */
export interface KeptDevice {
  /** The own key and its public half; sent again after a lost answer it is the same device. */
  readonly key: CryptoKey;
  readonly x: string;
  readonly y: string;
  /** Null until the platform has answered. */
  readonly registered: { readonly id: string; readonly agreed: CryptoKey } | null;
  /** Handles that were not shown yet, oldest first. */
  readonly handles: readonly string[];
  /** How far the clock of the platform is ahead of this one, in milliseconds. */
  readonly aheadMs: number;
}

/** Where the device lives. */
export type DeviceStore = Pick<BrowserRow<KeptDevice>, 'read' | 'write' | 'forget'>;

/** Opens the store. Its promises fail when the browser keeps no data, as in some private windows. */
export const deviceStore = (databases: IDBFactory): DeviceStore =>
  browserRow(databases, { database: '7pay-wallet', table: 'device', row: 'own' });
