import { allKeys, type SwitchRow, type SwitchStore } from '@7pay/controls';

/** What the resolvers pass on: the key, and the row if the switch ever moved. */
export interface SwitchView {
  readonly key: string;
  readonly row: SwitchRow | null;
}

/** The switches for people, by key: the whole register, and of the families what the store lists of them. */
export async function listSwitches(switches: Pick<SwitchStore, 'listed'>): Promise<SwitchView[]> {
  const rows = new Map((await switches.listed()).map((row) => [row.key, row]));
  const keys = [...new Set([...allKeys, ...rows.keys()])].sort();
  return keys.map((key) => ({ key, row: rows.get(key) ?? null }));
}
