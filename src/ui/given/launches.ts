/** What an installed app is launched with. Only browsers that install apps have the queue. */
interface LaunchParams {
  readonly targetURL?: string | null;
  readonly files: readonly FileSystemFileHandle[];
}

declare global {
  interface Window {
    readonly launchQueue?: { setConsumer(consumer: (launch: LaunchParams) => void): void };
  }
}

/**
 * Goes where each launch of the installed app leads, and hands over its files. The app has one window, which is not loaded
 * again (`launch_handler`): a shortcut's address comes here, too.
 */
export function takeLaunches(open: (files: readonly FileSystemFileHandle[]) => void): void {
  window.launchQueue?.setConsumer(({ files, targetURL }) => {
    if (files.length > 0) open(files);
    else if (typeof targetURL === 'string') follow(new URL(targetURL));
  });
}

/** A door's fragment, or a link's text: both are looked for when the fragment changes. */
function follow({ hash }: URL): void {
  if (hash !== '' && hash !== location.hash) location.hash = hash;
}
