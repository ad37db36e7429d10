import { InProcessEngine } from '../testing/in-process.ts';
import { differencesPage } from './page.ts';
import { probeSurface } from './probe.ts';

/** Asks a fresh engine for everything on the lists, and writes down what it refuses. */
export async function generateDifferences(): Promise<string> {
  const db = new InProcessEngine();
  try {
    return differencesPage(await probeSurface((command, name) => db.run(command, name)));
  } finally {
    db.close();
  }
}
