import { type BankAccount, type BankAccountKind, maskedNumber } from '@7pay/zengin';
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';

const BankAccountKindEnum = {
  ORDINARY: 'ORDINARY',
  CURRENT: 'CURRENT',
  SAVINGS: 'SAVINGS',
} as const;
registerEnumType(BankAccountKindEnum, {
  name: 'BankAccountKind',
  description: 'ORDINARY 普通, CURRENT 当座, SAVINGS 貯蓄.',
});

@InputType({ description: 'A bank account in Japan.' })
export class BankAccountInput {
  @Field(() => String, { description: '金融機関コード, four digits.' })
  bankCode!: string;

  @Field(() => String, { description: '支店コード, three digits.' })
  branchCode!: string;

  @Field(() => BankAccountKindEnum, { description: 'What kind of account.' })
  kind!: BankAccountKind;

  @Field(() => String, { description: '口座番号, seven digits, zeros in front included.' })
  number!: string;

  @Field(() => String, { description: '口座名義 in katakana, at most 30 bytes in a bank’s form.' })
  holderKana!: string;
}

@ObjectType('MerchantBankAccount', { description: 'Where a merchant is paid.' })
export class MerchantBankAccountType {
  @Field(() => String, { description: '金融機関コード, four digits.' })
  bankCode!: string;

  @Field(() => String, { description: '支店コード, three digits.' })
  branchCode!: string;

  @Field(() => BankAccountKindEnum, { description: 'What kind of account.' })
  kind!: string;

  @Field(() => String, { description: 'The number, of which only the last three digits are told.' })
  maskedNumber!: string;

  @Field(() => String, { description: '口座名義 as the bank is told it, in half-width kana.' })
  holderKana!: string;
}

/** The account as people may see it. */
export const masked = (account: BankAccount): MerchantBankAccountType => {
  const { number: _number, ...rest } = account;
  return { ...rest, maskedNumber: maskedNumber(account) };
};
