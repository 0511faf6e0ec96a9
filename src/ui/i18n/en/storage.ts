export const storage = {
  nothingKept:
    'Nothing is kept here. This browser lets the page store nothing, as some do in a private window or ' +
    'with storage switched off: what you train is gone when the page is closed or reloaded. Use a ' +
    'normal window, or download the model before you leave.',
  noCheckpoints:
    'Only curves and answers are kept here. This browser gives the page no file storage: after the ' +
    'page is closed or reloaded a run can be looked at, not gone on with. Use a normal window, or ' +
    'download the model before you leave.',
  nearlyFull:
    'This browser lets the page store only {{free}} more, and a run keeps about {{need}}. Delete old ' +
    'runs or pipelines, or free disk space, before you train.',
  noPromise:
    'Runs are kept in this browser, without its promise: it may clear them when the disk fills up, and ' +
    'a private window forgets everything when it is closed. Download what you want to keep.',
};
