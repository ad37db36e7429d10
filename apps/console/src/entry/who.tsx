import { type GraphFault, useAnswer } from '@7pay/ui';
import { createContext } from 'preact';
import { useContext, useEffect } from 'preact/hooks';
import { meQuery } from '../operations.ts';
import { useWorld } from '../world.ts';
import { type Duty, dutiesIn } from './duty.ts';

/** Who is at the screen, as far as the graph has answered. */
export interface Who {
  /** Null while nobody has answered, or there is nobody. */
  readonly me: { readonly id: string; readonly duties: readonly Duty[] } | null;
  /** Whether the graph has answered. */
  readonly isKnown: boolean;
  readonly fault: GraphFault | null;
  readonly again: () => void;
}

export const NOBODY: Who = { me: null, isKnown: false, fault: null, again: () => {} };
const WhoContext = createContext<Who>(NOBODY);
export const WhoProvider = WhoContext.Provider;
export const useWho = (): Who => useContext(WhoContext);

/** Asks who is signed in and tells it to whoever holds it; shows nothing, so that no screen begins anew with the answer. */
export function AskWho({ onTold }: { onTold: (who: Who) => void }): null {
  const { graph } = useWorld();
  const { data, fault, again } = useAnswer((signal) => graph(meQuery, {}, { signal }));
  useEffect(() => {
    const me = data?.me ? { id: data.me.id, duties: dutiesIn(data.me.roles) } : null;
    onTold({ me, isKnown: data !== null, fault, again });
  }, [data, fault]);
  useEffect(() => () => onTold(NOBODY), []);
  return null;
}
