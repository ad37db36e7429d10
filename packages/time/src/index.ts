export { type Clock, fixedClock, systemClock } from './clock.ts';
export { type BusinessDate, businessDate, isBusinessDate } from './business-date.ts';
export { type Stopwatch, sleep, startStopwatch } from './waiting.ts';
export { daysAfter, isBankDay, isHoliday, nextBankDay } from './bank-day.ts';
