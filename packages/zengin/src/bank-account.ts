import { zenginText } from './zengin-text.ts';

/** 普通, 当座, 貯蓄. */
export type BankAccountKind = 'ORDINARY' | 'CURRENT' | 'SAVINGS';

/** An account to which a bank can transfer. */
export interface BankAccount {
  /** 金融機関コード, four digits. */
  readonly bankCode: string;
  /** 支店コード, three digits. */
  readonly branchCode: string;
  readonly kind: BankAccountKind;
  /** 口座番号, seven digits, zeros in front included. */
  readonly number: string;
  /** 口座名義, as it is written into the file: at most 30 bytes. */
  readonly holderKana: string;
}
export type BankAccountField = keyof BankAccount;
/** What somebody typed. */
export type BankAccountGiven = Readonly<Record<BankAccountField, string>>;

const KINDS: readonly string[] = ['ORDINARY', 'CURRENT', 'SAVINGS'] satisfies BankAccountKind[];
const LONGEST_NAME = 30;

/** The account, or which fields are wrong. Digits are those of ASCII; a number that is too short is not filled up. */
export function bankAccountOf(given: BankAccountGiven): BankAccount | readonly BankAccountField[] {
  const holderKana = zenginText(given.holderKana.trim()) ?? '';
  const right: Readonly<Record<BankAccountField, boolean>> = {
    bankCode: /^\d{4}$/.test(given.bankCode) && given.bankCode !== '0000',
    branchCode: /^\d{3}$/.test(given.branchCode),
    kind: KINDS.includes(given.kind),
    number: /^\d{7}$/.test(given.number) && given.number !== '0000000',
    holderKana: holderKana.length > 0 && holderKana.length <= LONGEST_NAME,
  };
  const wrong = (Object.keys(right) as BankAccountField[]).filter((field) => !right[field]);
  if (wrong.length > 0) return wrong;
  const { bankCode, branchCode, number } = given;
  return { bankCode, branchCode, kind: given.kind as BankAccountKind, number, holderKana };
}

/** The number for people who may not read it: its last three digits. */
export const maskedNumber = ({ number }: Pick<BankAccount, 'number'>): string =>
  `****${number.slice(-3)}`;
