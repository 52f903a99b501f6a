/** Share of a full bus that waiting for silent devices may take: below the promised 5 %, so that its onset fits in too. */
export const SILENCE_SHARE = 0.035;
