export { parseWhole, type WholeFault } from './whole.ts';
export { addYen, parseYen, type Yen, yen } from './yen.ts';
export { parsePoints, type Points, points } from './points.ts';
