/** Whose identifiers a code carries: the tag of the template (26 to 51) and the globally unique name in it. */
export interface QrScheme {
  readonly tag: string;
  readonly guid: string;
}

/** What a store shows to be paid (EMVCo QR Code Specification for Payment Systems, Merchant-Presented Mode). */
export interface MerchantQr {
  /** STATIC: printed, the member types the amount. DYNAMIC: made for one bill. */
  readonly kind: 'STATIC' | 'DYNAMIC';
  readonly storeId: string;
  readonly terminalId: string | null;
  /** Four digits, ISO 18245. */
  readonly category: string;
  /** Whole yen, for people to compare: what is paid is what the platform knows of the bill. */
  readonly amount: number | null;
  /** ASCII, at most 25 and 15 characters. */
  readonly name: string;
  readonly city: string;
  /** The number of the bill, at most 25 characters. */
  readonly bill: string | null;
  /** The name in another language, if the code tells one. */
  readonly local: { readonly language: string; readonly name: string } | null;
}

/** Why a text is not taken as a store's code. */
export type QrFault =
  | 'TOO_LONG'
  | 'NOT_A_STORE_CODE'
  | 'NOT_ASCII'
  | 'LENGTH'
  | 'DUPLICATE_TAG'
  | 'UNKNOWN_TAG'
  | 'MISSING_TAG'
  | 'WRONG_CRC'
  | 'WRONG_KIND'
  | 'WRONG_CURRENCY'
  | 'WRONG_COUNTRY'
  | 'WRONG_AMOUNT'
  | 'WRONG_FIELD'
  | 'TIP'
  | 'OTHER_SCHEME';

/** JPY and Japan; nothing else is taken. */
export const CURRENCY = '392';
export const COUNTRY = 'JP';
/** Longer than any code that is well made: 512 characters are what EMVCo allows. */
export const QR_LENGTH_MAX = 512;
export const NAME_MAX = 25;
export const CITY_MAX = 15;
export const BILL_MAX = 25;
