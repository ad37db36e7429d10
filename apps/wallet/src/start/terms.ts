/** The version of the terms whose summary is on screen; the wallet refuses another one by TermsOutdated. */
export const termsVersion = '2019-07-01';
