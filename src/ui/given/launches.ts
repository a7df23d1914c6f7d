/** What an installed app is launched with; browsers that install no apps know nothing of it. */
interface LaunchParams {
  readonly targetURL?: string | null;
  readonly files: readonly FileSystemFileHandle[];
}

declare global {
  interface Window {
    readonly launchQueue?: { setConsumer(consumer: (launch: LaunchParams) => void): void };
  }
}

/** In the window's own memory: that it was launched. */
const LAUNCHED = 'glossa-launched';

/**
 * Goes where each launch of the installed app leads, and hands over its files. The app has one window, which is not loaded
 * again (`launch_handler`): a shortcut's address comes here, too.
 */
export function takeLaunches(open: (files: readonly FileSystemFileHandle[]) => Promise<void>): void {
  const { launchQueue } = window;
  if (!launchQueue) return;
  // After a reload the browser hands the last launch over once more. Its files were opened, and perhaps changed, already.
  let repeats = wasReloaded() && wasLaunched();
  launchQueue.setConsumer(({ files, targetURL }) => {
    if (repeats) {
      repeats = false;
      return;
    }
    rememberLaunch();
    if (files.length > 0) void open(files);
    else if (typeof targetURL === 'string') follow(new URL(targetURL));
  });
}

function wasReloaded(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  return navigation instanceof PerformanceNavigationTiming && navigation.type === 'reload';
}

function wasLaunched(): boolean {
  try {
    return sessionStorage.getItem(LAUNCHED) !== null;
  } catch {
    // A browser told to keep nothing: then nothing is installed, either.
    return false;
  }
}

function rememberLaunch(): void {
  try {
    sessionStorage.setItem(LAUNCHED, 'yes');
  } catch {
    // As above.
  }
}

/** A door's fragment, or a link's text: both are looked for when the fragment changes. */
function follow({ hash }: URL): void {
  if (hash !== '' && hash !== location.hash) location.hash = hash;
}
