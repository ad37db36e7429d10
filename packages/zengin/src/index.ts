export {
  type BankAccount,
  type BankAccountField,
  type BankAccountGiven,
  type BankAccountKind,
  bankAccountOf,
  maskedNumber,
} from './bank-account.ts';
export { zenginText } from './zengin-text.ts';
export {
  MOST_AMOUNT,
  MOST_TRANSFERS,
  type Sender,
  type Transfer,
  type TransferOrder,
  writeTransferFile,
} from './transfer-file.ts';
export { readTransferFile, TransferFileWrong } from './read-transfer-file.ts';
