// Finds Firefox, which one journey drives; installs it where it is missing and may be had as a package of Debian.
import { installDebianPackage } from './debianPackage.mjs';
import { findFirefox } from './findFirefox.mjs';

/** Leaves it be where it cannot be installed: the journey then says that it was skipped. */
export function ensureFirefox() {
  if (findFirefox() !== undefined) return;
  process.stdout.write('No Firefox found; installing one.\n');
  if (!installDebianPackage('firefox-esr')) {
    process.stdout.write(
      'Firefox could not be installed; its journey is skipped. FIREFOX=/path/to/firefox names one.\n',
    );
  }
}
