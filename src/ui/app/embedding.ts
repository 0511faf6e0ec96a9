// Whether the page is a panel in another page: asked for by `?embed=SCREEN`, which also says what it shows where the address says
// nothing behind `#`; and whenever another page frames it, since then nobody sees whose page it is.
import { readAddress } from '../../state/address';

const asked = new URLSearchParams(location.search).get('embed');

export const isEmbedded = asked !== null || window.self !== window.top;

if (asked !== null && location.hash === '') history.replaceState(history.state, '', `#${asked}`);

/** The screen that the panel is of; links to others open the page itself. */
export const embeddedScreen = isEmbedded ? readAddress(location.hash).screen : undefined;
