import { baseCss } from './look/base.ts';
import { partsCss } from './look/parts.ts';
import { tokensCss } from './look/tokens.ts';

/**
 * The whole look as one style sheet: tokens, elements, shared parts. A text, so that a server can
 * serve it as a file; nothing here touches a document. Light and dark follow the person's setting.
 */
export const lookCss: string = [tokensCss, baseCss, partsCss].join('');
