/** Choices open inside the page's main part, where they belong for those who go by landmarks. */
export const inPlace = { withinPortal: false };
